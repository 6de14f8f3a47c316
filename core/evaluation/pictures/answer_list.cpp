#include "core/evaluation/pictures/answer_list.h"

#include <optional>
#include <string_view>

namespace quantoscope {
namespace {

class ListReader {
public:
    explicit ListReader(std::string_view text) : text_(text) {}

    std::optional<std::vector<std::string>> read() {
        std::vector<std::string> texts;
        if (!take('[')) return std::nullopt;
        do {
            auto text = readText();
            if (!text) return std::nullopt;
            texts.push_back(std::move(*text));
        } while (take(','));
        if (!take(']') || !text_.empty()) return std::nullopt;
        return texts;
    }

private:
    bool take(char c) {
        skipSpaces();
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        skipSpaces();
        return true;
    }
    void skipSpaces() {
        while (text_.starts_with(' ')) text_.remove_prefix(1);
    }

    std::optional<std::string> readText() {
        const char quote = text_.empty() ? '\0' : text_.front();
        if (quote != '\'' && quote != '"') return std::nullopt;
        std::string read;
        for (std::size_t i = 1; i < text_.size(); ++i) {
            if (text_[i] == quote) {
                text_.remove_prefix(i + 1);
                return read;
            }
            if (text_[i] != '\\') {
                read += text_[i];
                continue;
            }
            const auto escaped = ++i < text_.size() ? unescaped(text_[i]) : std::nullopt;
            if (!escaped) return std::nullopt;
            read += *escaped;
        }
        return std::nullopt;
    }

    static std::optional<char> unescaped(char c) {
        if (c == '\\' || c == '\'' || c == '"') return c;
        if (c == 'n') return '\n';
        return c == 't' ? std::optional('\t') : std::nullopt;
    }

    std::string_view text_;
};

}  // namespace

std::vector<std::string> answersIn(const std::string& cell) {
    return ListReader(cell).read().value_or(std::vector{cell});
}

}  // namespace quantoscope
