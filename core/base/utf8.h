// UTF-8: checks, repairs and code points. Nothing else in core looks inside multi-byte characters.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace quantoscope {

/// Offset of the first byte that is not part of a well-formed character, or nothing when the text is valid.
std::optional<std::size_t> firstInvalidUtf8(std::string_view text);

enum class Replacement {
    per_sequence,  ///< one U+FFFD for the longest well-formed start of a character (the Unicode recommendation)
    per_byte,      ///< one U+FFFD for each bad byte (what SentencePiece does)
};
std::string replaceInvalidUtf8(std::string_view text, Replacement replacement);

/// Bytes of the character that starts with `lead`; 1 for a byte that starts none.
std::size_t utf8Length(char lead);
/// The code point at `offset` of valid text.
char32_t codePointAt(std::string_view text, std::size_t offset);
void appendUtf8(std::string& text, char32_t code_point);

/// Unicode White_Space (what \s means to tokenizers).
bool isWhiteSpace(char32_t code_point);

}  // namespace quantoscope
