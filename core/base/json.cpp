#include "core/base/json.h"

#include <algorithm>
#include <exception>

#include "core/base/atomic_file.h"

namespace quantoscope {
namespace {

constexpr int kDeepestNesting = 256;

/// Where byte `offset` (counted from 0) is, as people count: "line 3, column 14".
std::string place(std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const std::string_view before = text.substr(0, offset);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto line_start = before.rfind('\n');
    const auto column = line_start == std::string_view::npos ? offset + 1 : offset - line_start;
    return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// The first byte that is nested too deep, or npos: printing and comparing recurse, so depth must be bounded.
std::size_t tooDeep(std::string_view text) {
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > kDeepestNesting) return i;
        } else if (c == ']' || c == '}') {
            --depth;
        }
    }
    return std::string_view::npos;
}

}  // namespace

Result<nlohmann::json> parseJson(std::string_view text, const std::string& name) {
    if (const auto offset = tooDeep(text); offset != std::string_view::npos)
        return failure(name + " is nested too deeply at " + place(text, offset) + ".", {}, "more than 256 levels");
    try {
        return nlohmann::json::parse(text.begin(), text.end());
    } catch (const nlohmann::json::parse_error& error) {
        return failure(name + " is not valid JSON: " + place(text, error.byte > 0 ? error.byte - 1 : 0) + ".", {},
                       error.what());
    } catch (const std::exception& error) {
        return failure(name + " is not valid JSON: a value cannot be held.", {}, error.what());
    }
}

Result<nlohmann::json> readJsonFile(const std::string& path, std::uint64_t limit_bytes) {
    QS_ASSIGN(const std::string text, readTextFile(path, limit_bytes));
    auto parsed = parseJson(text, std::string("'").append(path).append(1, '\''));
    if (!parsed) parsed.error().path = path;
    return parsed;
}

std::string jsonText(const nlohmann::json& value, int indent) {
    return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string stringMember(const nlohmann::json& object, const char* key, const std::string& fallback) {
    if (!object.is_object()) return fallback;
    const auto member = object.find(key);
    return member != object.end() && member->is_string() ? member->get<std::string>() : fallback;
}

double numberMember(const nlohmann::json& object, const char* key, double fallback) {
    if (!object.is_object()) return fallback;
    const auto member = object.find(key);
    return member != object.end() && member->is_number() ? member->get<double>() : fallback;
}

std::int64_t integerMember(const nlohmann::json& object, const char* key, std::int64_t fallback) {
    if (!object.is_object()) return fallback;
    const auto member = object.find(key);
    return member != object.end() && member->is_number_integer() ? member->get<std::int64_t>() : fallback;
}

}  // namespace quantoscope
