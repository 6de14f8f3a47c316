#include "core/formats/strict_json.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "core/base/utf8.h"

namespace quantoscope {
namespace {

using Json = nlohmann::json;

/// Walks the text once before a tree is built from it.
class Checker : public nlohmann::json_sax<Json> {
public:
    explicit Checker(std::size_t max_depth) : max_depth_(max_depth) {}
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(std::int64_t) override { return true; }
    bool number_unsigned(std::uint64_t) override { return true; }
    bool number_float(double, const std::string&) override { return true; }
    bool string(std::string&) override { return true; }
    bool binary(Json::binary_t&) override { return true; }
    bool start_object(std::size_t) override { return enter(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }
    bool key(std::string& name) override {
        if (keys_.back().insert(name).second) return true;
        problem = "key '" + excerpt(name) + "' appears twice";
        return false;
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
        error_position = position;
        cause = error.what();
        return false;
    }

    std::string problem;
    std::string cause;
    std::size_t error_position = 0;

private:
    bool enter() {
        keys_.emplace_back();
        if (keys_.size() <= max_depth_) return true;
        problem = "nests deeper than " + std::to_string(max_depth_) + " levels";
        return false;
    }
    bool leave() {
        keys_.pop_back();
        return true;
    }
    std::size_t max_depth_;
    std::vector<std::unordered_set<std::string>> keys_;
};

std::string lineAndColumn(std::string_view text, std::size_t position) {
    const auto before = text.substr(0, std::min(position == 0 ? 0 : position - 1, text.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto newline = before.rfind('\n');
    const auto column = before.size() - (newline == std::string_view::npos ? 0 : newline + 1) + 1;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

std::string excerpt(std::string_view text) {
    std::string shown(text.substr(0, 40));
    std::erase_if(shown, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    while (firstInvalidUtf8(shown)) shown.resize(*firstInvalidUtf8(shown));
    return shown.size() < text.size() ? shown + "…" : shown;
}

Result<nlohmann::json> parseStrictJson(std::string_view text, const std::filesystem::path& where,
                                       std::size_t max_depth) {
    const auto name = where.filename().string();
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (const auto bad = firstInvalidUtf8(text))
        return failure(name + " is not UTF-8 text: bad byte at " + lineAndColumn(text, *bad + 1), where.string());
    try {
        Checker checker(max_depth);
        if (Json::sax_parse(text.begin(), text.end(), &checker)) return Json::parse(text.begin(), text.end());
        if (!checker.problem.empty()) return failure(name + ": " + checker.problem, where.string());
        return failure(name + " is not valid JSON: the error is at " + lineAndColumn(text, checker.error_position) +
                           (checker.error_position > text.size() ? ", where the text ends too early" : ""),
                       where.string(), checker.cause);
    } catch (const std::exception& error) {
        return failure(name + " could not be read as JSON", where.string(), error.what());
    }
}

}  // namespace quantoscope
