#include "core/evaluation/choice/json_lines.h"

#include "core/base/json.h"

namespace quantoscope {

std::vector<TextLine> linesOf(std::string_view text) {
    std::vector<TextLine> lines;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto newline = text.find('\n');
        auto line = text.substr(0, newline);
        text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.find_first_not_of(" \t") != std::string_view::npos) lines.push_back({number, line});
    }
    return lines;
}

Result<LineObject> LineObject::parse(const TextLine& line, const std::filesystem::path& file) {
    LineObject object;
    object.file_ = file.string();
    object.line_ = line.number;
    auto json = parseJson(line.text, "the line");
    if (!json) return object.refuse("it is not valid JSON");
    if (!json->is_object()) return object.refuse("it is not a JSON object");
    object.json_ = std::move(*json);
    return object;
}

std::unexpected<Error> LineObject::refuse(const std::string& problem) const {
    return failure("'" + std::filesystem::path(file_).filename().string() + "', line " + std::to_string(line_) + ": " +
                       problem + ".",
                   file_);
}

Result<std::string> LineObject::text(const char* key) const {
    return textOf(json_, key);
}

Result<std::string> LineObject::textOf(const nlohmann::json& object, const char* key) const {
    const auto found = object.is_object() ? object.find(key) : object.end();
    if (found == object.end()) return refuse("'" + std::string(key) + "' is missing");
    if (!found->is_string()) return refuse("'" + std::string(key) + "' is not a text");
    return found->get<std::string>();
}

}  // namespace quantoscope
