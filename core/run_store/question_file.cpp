#include "core/run_store/question_file.h"

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/base/sha256.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kFormatVersion = 1;
constexpr std::uint64_t kLargest_bytes = std::uint64_t{256} << 20;

/// Of everything that decides which questions are asked; how they are answered is the configuration's own.
fs::path questionPath(const fs::path& run_folder, const Score& score) {
    constexpr std::size_t kDigits = 12;
    std::string asked;
    for (const auto* key : {"data_sha256", "items", "cells"})
        if (const auto found = score.protocol.find(key); found != score.protocol.end()) asked += found->second + "|";
    return run_folder / "questions" / (score.benchmark + "-" + sha256Hex(asked).substr(0, kDigits) + ".json");
}

Result<QuestionText> questionOf(const nlohmann::json& entry, const fs::path& path) {
    QuestionText text;
    text.question = stringMember(entry, "question");
    text.category = stringMember(entry, "category");
    const auto choices = entry.find("choices");
    if (choices == entry.end() || !choices->is_array())
        return failure("'" + path.filename().string() + "' is damaged: a question has no choices", path.string());
    for (const auto& choice : *choices) text.choices.push_back(choice.is_string() ? choice.get<std::string>() : "");
    return text;
}

}  // namespace

Status writeQuestions(const fs::path& run_folder, const Score& score, std::span<const QuestionText> questions) {
    const auto path = questionPath(run_folder, score);
    std::error_code error;
    if (questions.empty() || fs::exists(path, error)) return {};
    fs::create_directories(path.parent_path(), error);
    if (error) return failure("the run folder cannot be written", path.parent_path().string(), error.message());
    auto list = nlohmann::json::array();
    for (const auto& text : questions) {
        nlohmann::json entry{{"question", text.question}, {"choices", text.choices}};
        if (!text.category.empty()) entry["category"] = text.category;
        list.push_back(std::move(entry));
    }
    return writeTextAtomically(
        path,
        jsonText({{"format_version", kFormatVersion}, {"benchmark", score.benchmark}, {"questions", std::move(list)}}));
}

Result<std::vector<QuestionText>> readQuestions(const fs::path& run_folder, const Score& score) {
    const auto path = questionPath(run_folder, score);
    std::error_code error;
    if (!fs::exists(path, error))
        return failure("the questions were not kept with this run: evaluate it again to see them", path.string());
    QS_ASSIGN(const auto content, readJsonFile(path.string(), kLargest_bytes));
    if (integerMember(content, "format_version", 1) > kFormatVersion)
        return failure("'" + path.filename().string() + "' was written by a newer Quantoscope: update this one",
                       path.string());
    const auto list = content.find("questions");
    if (!content.is_object() || list == content.end() || !list->is_array())
        return failure("'" + path.filename().string() + "' is damaged: it holds no list of questions", path.string());
    std::vector<QuestionText> questions;
    for (const auto& entry : *list) {
        QS_ASSIGN(questions.emplace_back(), questionOf(entry, path));
    }
    return questions;
}

}  // namespace quantoscope
