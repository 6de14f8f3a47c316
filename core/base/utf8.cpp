#include "core/base/utf8.h"

namespace quantoscope {

namespace {
constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

unsigned byteAt(std::string_view text, std::size_t offset) {
    return static_cast<unsigned char>(text[offset]);
}

struct Sequence {
    std::size_t length = 1;  ///< of the character, or of its longest well-formed start
    bool valid = false;
};

// Table 3-7 of the Unicode standard: the second byte's range depends on the first.
Sequence sequenceAt(std::string_view text, std::size_t offset) {
    const unsigned lead = byteAt(text, offset);
    if (lead < 0x80) return {1, true};
    if (lead < 0xC2 || lead > 0xF4) return {};
    const std::size_t wanted = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    for (std::size_t i = 1; i < wanted; ++i) {
        if (offset + i >= text.size()) return {i, false};
        const unsigned byte = byteAt(text, offset + i);
        if (byte < low || byte > high) return {i, false};
        low = 0x80;
        high = 0xBF;
    }
    return {wanted, true};
}
}  // namespace

std::optional<std::size_t> firstInvalidUtf8(std::string_view text) {
    for (std::size_t offset = 0; offset < text.size();) {
        const Sequence sequence = sequenceAt(text, offset);
        if (!sequence.valid) return offset;
        offset += sequence.length;
    }
    return std::nullopt;
}

std::string replaceInvalidUtf8(std::string_view text, Replacement replacement) {
    const auto first = firstInvalidUtf8(text);
    if (!first.has_value()) return std::string(text);
    std::string repaired(text.substr(0, *first));
    for (std::size_t offset = *first; offset < text.size();) {
        Sequence sequence = sequenceAt(text, offset);
        if (sequence.valid) {
            repaired += text.substr(offset, sequence.length);
        } else {
            if (replacement == Replacement::per_byte) sequence.length = 1;
            repaired += kReplacementCharacter;
        }
        offset += sequence.length;
    }
    return repaired;
}

std::size_t utf8Length(char lead) {
    const unsigned byte = static_cast<unsigned char>(lead);
    if (byte < 0xC2) return 1;
    if (byte < 0xE0) return 2;
    return byte < 0xF0 ? 3 : byte < 0xF5 ? 4 : 1;
}

char32_t codePointAt(std::string_view text, std::size_t offset) {
    const std::size_t length = utf8Length(text[offset]);
    const unsigned lead = byteAt(text, offset);
    if (length == 1) return lead;
    char32_t code_point = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length && offset + i < text.size(); ++i) {
        code_point = (code_point << 6) | (byteAt(text, offset + i) & 0x3F);
    }
    return code_point;
}

void appendUtf8(std::string& text, char32_t code_point) {
    const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80 | ((code_point >> shift) & 0x3F)); };
    if (code_point < 0x80) {
        text += static_cast<char>(code_point);
    } else if (code_point < 0x800) {
        text += static_cast<char>(0xC0 | (code_point >> 6));
        tail(0);
    } else if (code_point < 0x10000) {
        text += static_cast<char>(0xE0 | (code_point >> 12));
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xF0 | (code_point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

bool isWhiteSpace(char32_t c) {
    return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace quantoscope
