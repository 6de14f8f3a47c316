#include "core/evaluation/benchmark.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/option.h"
#include "core/base/option_rows.h"
#include "core/evaluation/benchmark_rows.h"
#include "core/evaluation/pictures/picture_questions.h"

namespace quantoscope {

namespace {

std::vector<BenchmarkDescription> makeBenchmarks() {
    std::vector<BenchmarkDescription> rows;
    addPerplexityBenchmarks(rows);
    addChoiceBenchmarks(rows);
    return rows;
}

}  // namespace

OptionDescription limitOption(const std::string& unit, const std::string& help) {
    return integerOptionRow("limit", "Limit", {0, 0, std::int64_t{1} << 40}, unit, help);
}

OptionDescription precisionOption() {
    return choiceOptionRow(
        "precision", "Arithmetic", "bfloat16", {"bfloat16", "float32"},
        "Arithmetic of the model: bfloat16 products with float32 sums, or float32 throughout (exact, slower).");
}

std::string_view benchmarkKindName(BenchmarkKind kind) {
    return kind == BenchmarkKind::perplexity ? "perplexity" : "multiple choice";
}

const std::vector<BenchmarkDescription>& benchmarks() {
    static const std::vector<BenchmarkDescription> kBenchmarks = makeBenchmarks();
    return kBenchmarks;
}

const ScoreMetric* findMetric(const BenchmarkDescription& benchmark, std::string_view id) {
    const auto found = std::ranges::find(benchmark.metrics, id, &ScoreMetric::id);
    return found == benchmark.metrics.end() ? nullptr : &*found;
}

Result<std::filesystem::path> benchmarkFile(const BenchmarkDescription& benchmark, const std::filesystem::path& data) {
    std::error_code error;
    if (data.empty()) return failure("benchmark " + benchmark.label + " has no data yet; choose " + benchmark.help);
    if (isPictureQuestions(data))
        return failure("'" + data.filename().string() +
                           "' holds questions about pictures, and pictures are not supported yet; for benchmark " +
                           benchmark.label + " choose " + benchmark.help,
                       data.string());
    if (std::filesystem::is_regular_file(data, error)) return data;
    if (!std::filesystem::exists(data, error))
        return failure("the data of benchmark " + benchmark.label + ", '" + data.string() + "', does not exist",
                       data.string());
    if (!benchmark.folder_name.empty()) {
        if (std::filesystem::is_directory(data / benchmark.folder_name, error)) return data / benchmark.folder_name;
        if (data.filename() == benchmark.folder_name) return data;
    }
    for (const auto& name : benchmark.file_names)
        if (std::filesystem::is_regular_file(data / name, error)) return data / name;
    return failure(
        "'" + data.string() + "' does not hold what benchmark " + benchmark.label + " reads: " + benchmark.help,
        data.string());
}

Result<const BenchmarkDescription*> findBenchmark(std::string_view id) {
    std::vector<std::string> known;
    std::string list;
    for (const BenchmarkDescription& benchmark : benchmarks()) {
        if (benchmark.id == id) return &benchmark;
        known.push_back(benchmark.id);
        list += (list.empty() ? "" : ", ") + benchmark.id;
    }
    const std::string nearest = nearestWord(id, known);
    const std::string hint = nearest.empty() ? std::string() : "; did you mean '" + nearest + "'?";
    return usageError("There is no benchmark '" + std::string(id) + "' (known: " + list + ")" + hint);
}

Result<std::vector<std::span<const std::int32_t>>> perplexityWindows(std::span<const std::int32_t> ids,
                                                                     std::int64_t window, std::int64_t limit) {
    if (window < 2) return usageError("A perplexity window needs at least 2 tokens.");
    if (limit < 0) return usageError("The number of windows cannot be negative (0 takes all).");
    const std::int64_t tokens = std::ssize(ids);
    std::int64_t count = tokens / window;
    if (count == 0) {
        return failure("The text has " + std::to_string(tokens) + " tokens, fewer than one window of " +
                       std::to_string(window) + "; use a longer text or a smaller window.");
    }
    if (limit > 0) count = std::min(count, limit);
    std::vector<std::span<const std::int32_t>> windows;
    windows.reserve(static_cast<std::size_t>(count));
    for (std::int64_t i = 0; i < count; ++i) {
        windows.push_back(ids.subspan(static_cast<std::size_t>(i * window), static_cast<std::size_t>(window)));
    }
    return windows;
}

double perplexity(std::span<const double> window_nll) {
    if (window_nll.empty()) return std::numeric_limits<double>::quiet_NaN();
    double sum = 0.0;
    for (const double nll : window_nll) sum += nll;
    return std::exp(sum / static_cast<double>(window_nll.size()));
}

}  // namespace quantoscope
