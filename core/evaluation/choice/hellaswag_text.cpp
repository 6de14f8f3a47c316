#include "core/evaluation/choice/hellaswag_text.h"

#include "core/base/utf8.h"
#include "core/evaluation/text_protocol.h"

namespace quantoscope {
namespace {

/// A run of letters in which upper and lower case differ by a constant, or alternate.
struct CaseRange {
    char32_t first;
    char32_t last;        ///< of the upper-case letters
    char32_t difference;  ///< 1: every other code point is upper case
};
constexpr CaseRange kCaseRanges[] = {{U'A', U'Z', 32},   {0xC0, 0xD6, 32},   {0xD8, 0xDE, 32},   {0x100, 0x12E, 1},
                                     {0x132, 0x136, 1},  {0x139, 0x147, 1},  {0x14A, 0x176, 1},  {0x179, 0x17D, 1},
                                     {0x391, 0x3A1, 32}, {0x3A3, 0x3AB, 32}, {0x400, 0x40F, 80}, {0x410, 0x42F, 32}};

bool isUpper(const CaseRange& range, char32_t c) {
    return c >= range.first && c <= range.last && (range.difference != 1 || (c - range.first) % 2 == 0);
}

char32_t lower(char32_t c) {
    for (const auto& range : kCaseRanges)
        if (isUpper(range, c)) return c + range.difference;
    return c;
}

char32_t upper(char32_t c) {
    for (const auto& range : kCaseRanges)
        if (c >= range.difference && isUpper(range, c - range.difference)) return c - range.difference;
    return c;
}

void replaceAll(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
        text.replace(at, what.size(), by);
}

std::string withoutBrackets(std::string_view text) {
    std::string kept;
    while (!text.empty()) {
        const auto open = text.find('[');
        kept += text.substr(0, open);
        if (open == std::string_view::npos) break;
        text.remove_prefix(open);
        const auto end = text.find_first_of("]\n");
        const bool matches = end != std::string_view::npos && text[end] == ']';
        if (!matches) kept += '[';
        text.remove_prefix(matches ? end + 1 : 1);
    }
    return kept;
}

}  // namespace

std::string hellaSwagCleaned(std::string_view text) {
    std::string cleaned(stripped(text));
    replaceAll(cleaned, " [title]", ". ");
    cleaned = withoutBrackets(cleaned);
    replaceAll(cleaned, "  ", " ");
    return cleaned;
}

std::string capitalized(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); at += utf8Length(text[at])) {
        const auto c = codePointAt(text, at);
        appendUtf8(result, at == 0 ? upper(c) : lower(c));
    }
    return result;
}

}  // namespace quantoscope
