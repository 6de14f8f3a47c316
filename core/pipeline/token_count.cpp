#include "core/pipeline/token_count.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "core/evaluation/benchmark.h"

namespace quantoscope {
namespace {

constexpr double kBytesPerToken = 4.0;

/// A text's windows.
TokenCount textTokens(const EvaluationRecipe& evaluation, double bytes) {
    const auto window = static_cast<double>(evaluation.window);
    const double windows =
        evaluation.limit > 0 ? static_cast<double>(evaluation.limit) : std::max(1.0, bytes / kBytesPerToken / window);
    return {windows * window, windows * window};
}

double linesIn(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return static_cast<double>(
        std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n'));
}

/// A question's line is text, each part of which is read once, and keys; about half of the text are choices.
TokenCount choiceTokens(const EvaluationRecipe& evaluation, const std::filesystem::path& file, double bytes) {
    constexpr double kTextShare = 0.6;
    const double part = evaluation.limit > 0
                            ? std::min(1.0, static_cast<double>(evaluation.limit) / std::max(1.0, linesIn(file)))
                            : 1.0;
    const double tokens = part * kTextShare * bytes / kBytesPerToken;
    return {tokens, 0.5 * tokens};
}

/// MMLU: a question each row of every file, its examples once for a pack of questions.
TokenCount folderTokens(const EvaluationRecipe& evaluation, const std::filesystem::path& folder) {
    constexpr double kQuestionTokens = 120.0;
    constexpr double kExampleTokensEach = 0.25 * kQuestionTokens;  // with four trunks to a pack of questions
    double questions = 0.0;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() != ".csv") continue;
        const double lines = linesIn(entry->path());
        questions += evaluation.limit > 0 ? std::min(lines, static_cast<double>(evaluation.limit)) : lines;
    }
    return {questions * (kQuestionTokens + kExampleTokensEach * static_cast<double>(evaluation.shots)), questions};
}

}  // namespace

TokenCount tokensOf(const EvaluationRecipe& evaluation) {
    const auto benchmark = findBenchmark(evaluation.benchmark);
    const auto file = benchmark ? benchmarkFile(**benchmark, evaluation.data) : Result<std::filesystem::path>();
    std::error_code error;
    if (!benchmark || !file) return {};
    if (std::filesystem::is_directory(*file, error)) return folderTokens(evaluation, *file);
    const auto bytes = std::filesystem::file_size(*file, error);
    if (error) return {};
    if ((*benchmark)->kind == BenchmarkKind::perplexity) return textTokens(evaluation, static_cast<double>(bytes));
    return choiceTokens(evaluation, *file, static_cast<double>(bytes));
}

}  // namespace quantoscope
