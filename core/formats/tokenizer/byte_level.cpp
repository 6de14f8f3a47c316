#include "core/formats/tokenizer/byte_level.h"

#include <array>

#include "core/base/utf8.h"

namespace quantoscope {

namespace {
constexpr char32_t kFirstSubstitute = 0x100;
constexpr char32_t kCharacters = 0x144;  // the last substitute is U+0143

struct Table {
    std::array<std::string, 256> text;
    std::array<int, kCharacters> byte{};

    Table() {
        byte.fill(-1);
        char32_t substitute = kFirstSubstitute;
        for (int b = 0; b < 256; ++b) {
            const bool printable = (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            const char32_t character = printable ? static_cast<char32_t>(b) : substitute++;
            appendUtf8(text[static_cast<std::size_t>(b)], character);
            byte[character] = b;
        }
    }
};

const Table& table() {
    static const Table kTable;
    return kTable;
}
}  // namespace

const std::string& byteLevelText(unsigned char byte) {
    return table().text[byte];
}

std::string toByteLevel(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char byte : bytes) text += byteLevelText(static_cast<unsigned char>(byte));
    return text;
}

std::optional<std::string> fromByteLevel(std::string_view text) {
    std::string bytes;
    for (std::size_t offset = 0; offset < text.size(); offset += utf8Length(text[offset])) {
        const char32_t character = codePointAt(text, offset);
        if (character >= kCharacters || table().byte[character] < 0) return std::nullopt;
        bytes += static_cast<char>(table().byte[character]);
    }
    return bytes;
}

}  // namespace quantoscope
