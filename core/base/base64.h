// Bytes that a text file carries in base64.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace quantoscope {

/// RFC 4648, section 4: the standard alphabet, padded to a multiple of four, nothing between. Nothing for any other
/// text.
std::optional<std::vector<std::byte>> base64Bytes(std::string_view text);

}  // namespace quantoscope
