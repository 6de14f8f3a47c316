// JSON from untrusted files: duplicate keys, deep nesting and invalid UTF-8 are refused, and errors say where.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace quantoscope {

/// Parses `text`; errors name the file ("config.json is not valid JSON at line 3, column 7"). A leading byte order mark
/// is skipped. Nesting above `max_depth` is refused.
Result<nlohmann::json> parseStrictJson(std::string_view text, const std::filesystem::path& where,
                                       std::size_t max_depth = 64);

/// A value for a message: at most 40 characters, control characters left out.
std::string excerpt(std::string_view text);

}  // namespace quantoscope
