#include "core/pipeline/evaluate.h"

#include <numeric>

#include "core/base/sha256.h"
#include "core/evaluation/benchmark.h"
#include "core/evaluation/text_protocol.h"
#include "core/formats/tokenizer.h"
#include "core/model/language_model.h"

namespace quantoscope {
namespace {

double meanOf(const std::vector<float>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

Result<EvaluationWindows> evaluationWindows(const EvaluationRecipe& evaluation,
                                            const std::filesystem::path& tokenizer_path, JobContext& job) {
    QS_ASSIGN(const auto* benchmark, findBenchmark(evaluation.benchmark));
    if (evaluation.data.empty())
        return failure("benchmark " + benchmark->label + " needs its text; name the file (--data FILE). " +
                       benchmark->help);
    QS_ASSIGN(const auto tokenizer, openTokenizer(tokenizer_path));
    job.report("Tokenizing " + benchmark->label, 0.0);
    QS_ASSIGN(const auto file, readTextForModel(evaluation.data, job));
    QS_ASSIGN(const auto ids, tokenizer->encode(benchmark->text(file), {}, job));
    QS_ASSIGN(const auto views, perplexityWindows(ids, evaluation.window, evaluation.limit));
    EvaluationWindows windows;
    for (const auto& view : views) windows.windows.emplace_back(view.begin(), view.end());
    windows.protocol = {{"window", std::to_string(evaluation.window)},
                        {"windows", std::to_string(windows.windows.size())},
                        {"precision", evaluation.precision == Precision::float32 ? "float32" : "bfloat16"},
                        {"text_sha256", sha256Hex(file)}};
    return windows;
}

Result<Score> evaluate(const WeightSource& weights, const EvaluationRecipe& evaluation,
                       const EvaluationWindows& windows, JobContext& job) {
    QS_ASSIGN(const auto* benchmark, findBenchmark(evaluation.benchmark));
    QS_ASSIGN(const auto nll, evaluateNll(weights, windows.windows, evaluation.precision, job));
    Score score;
    score.benchmark = benchmark->id;
    score.metric = benchmark->metric;
    score.protocol = windows.protocol;
    for (const auto& window : nll) score.window_nll.push_back(meanOf(window));
    score.value = perplexity(score.window_nll);
    return score;
}

}  // namespace quantoscope
