// The byte table of byte-level BPE: every byte has a printable character, so a vocabulary can be stored as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace quantoscope {

/// The UTF-8 text that stands for one byte.
const std::string& byteLevelText(unsigned char byte);
/// Each byte replaced by the character that stands for it.
std::string toByteLevel(std::string_view bytes);
/// The bytes a vocabulary entry stands for, or nothing when it holds a character outside the table.
std::optional<std::string> fromByteLevel(std::string_view text);

}  // namespace quantoscope
