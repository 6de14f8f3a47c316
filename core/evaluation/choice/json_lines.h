// One JSON object a line, field by field; errors name the file and the line (private to core/evaluation).
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

struct TextLine {
    std::size_t number = 0;  ///< from 1
    std::string_view text;   ///< without its end
};
/// Lines that are not blank.
std::vector<TextLine> linesOf(std::string_view text);

/// The object of one line.
class LineObject {
public:
    static Result<LineObject> parse(const TextLine& line, const std::filesystem::path& file);

    /// "'valid.jsonl', line 12: " and `problem`.
    std::unexpected<Error> refuse(const std::string& problem) const;
    const nlohmann::json& json() const { return json_; }
    Result<std::string> text(const char* key) const;
    Result<std::string> textOf(const nlohmann::json& object, const char* key) const;

private:
    nlohmann::json json_;
    std::string file_;
    std::size_t line_ = 0;
};

}  // namespace quantoscope
