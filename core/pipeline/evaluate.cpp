#include "core/pipeline/evaluate.h"

#include <numeric>

#include "core/base/sha256.h"
#include "core/evaluation/benchmark.h"
#include "core/evaluation/choice/choice_requests.h"
#include "core/evaluation/text_protocol.h"
#include "core/formats/tokenizer.h"
#include "core/model/language_model.h"

namespace quantoscope {
namespace {

double meanOf(const std::vector<float>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::string precisionName(Precision precision) {
    return precision == Precision::float32 ? "float32" : "bfloat16";
}

Result<EvaluationInputs> textInputs(const BenchmarkDescription& benchmark, const EvaluationRecipe& evaluation,
                                    const std::filesystem::path& file, const Tokenizer& tokenizer, JobContext& job) {
    QS_ASSIGN(const auto text, readTextForModel(file, job));
    QS_ASSIGN(const auto ids, tokenizer.encode(benchmark.text(text), {}, job));
    QS_ASSIGN(const auto views, perplexityWindows(ids, evaluation.window, evaluation.limit));
    EvaluationInputs inputs;
    for (const auto& view : views) inputs.windows.emplace_back(view.begin(), view.end());
    inputs.protocol = {{"window", std::to_string(evaluation.window)},
                       {"windows", std::to_string(inputs.windows.size())},
                       {"precision", precisionName(evaluation.precision)},
                       {"text_sha256", sha256Hex(text)}};
    return inputs;
}

Result<EvaluationInputs> choiceInputs(const BenchmarkDescription& benchmark, const EvaluationRecipe& evaluation,
                                      const std::filesystem::path& file, const Tokenizer& tokenizer,
                                      const ModelConfig& config, JobContext& job) {
    QS_ASSIGN(auto set, benchmark.load(file, evaluation.limit, job));
    EvaluationInputs inputs;
    QS_ASSIGN(inputs.requests,
              choiceRequests(set.items, tokenizer, evaluation.encoding, config.context_length, job));
    inputs.items = std::move(set.items);
    inputs.protocol = {{"items", std::to_string(inputs.items.size())},
                       {"encoding", choiceEncodingName(evaluation.encoding)},
                       {"precision", precisionName(evaluation.precision)},
                       {"data_sha256", set.sha256}};
    return inputs;
}

Result<std::vector<Score>> textScores(const WeightSource& weights, const EvaluationRecipe& evaluation, Score score,
                                      const EvaluationInputs& inputs, JobContext& job) {
    QS_ASSIGN(const auto nll, evaluateNll(weights, inputs.windows, evaluation.precision, job));
    for (const auto& window : nll) score.window_nll.push_back(meanOf(window));
    score.value = perplexity(score.window_nll);
    return std::vector{std::move(score)};
}

Result<std::vector<Score>> choiceScores(const WeightSource& weights, const BenchmarkDescription& benchmark,
                                        const EvaluationRecipe& evaluation, const Score& score,
                                        const EvaluationInputs& inputs, JobContext& job) {
    QS_ASSIGN(const auto log_probabilities,
              tokenLogProbabilities(weights, inputs.requests, evaluation.precision, job));
    const bool normalised = findMetric(benchmark, "acc_norm") != nullptr;
    auto results = choiceResults(inputs.items, log_probabilities, normalised);
    std::vector<Score> scores;
    for (const auto& metric : benchmark.metrics) {
        const auto accuracy = metric.id == "acc_norm" ? normalisedAccuracyOf(results) : accuracyOf(results);
        auto& one = scores.emplace_back(score);
        one.metric = metric.id;
        one.value = accuracy.value;
        one.standard_error = accuracy.standard_error;
    }
    scores.front().items = std::move(results);
    return scores;
}

}  // namespace

Result<EvaluationInputs> evaluationInputs(const EvaluationRecipe& evaluation,
                                          const std::filesystem::path& tokenizer_path, const ModelConfig& config,
                                          JobContext& job) {
    QS_ASSIGN(const auto* benchmark, findBenchmark(evaluation.benchmark));
    QS_ASSIGN(const auto file, benchmarkFile(*benchmark, evaluation.data));
    QS_ASSIGN(const auto tokenizer, openTokenizer(tokenizer_path));
    job.report("Tokenizing " + benchmark->label, 0.0);
    if (benchmark->kind == BenchmarkKind::perplexity) return textInputs(*benchmark, evaluation, file, *tokenizer, job);
    return choiceInputs(*benchmark, evaluation, file, *tokenizer, config, job);
}

Result<std::vector<Score>> evaluate(const WeightSource& weights, const EvaluationRecipe& evaluation,
                                    const EvaluationInputs& inputs, JobContext& job) {
    QS_ASSIGN(const auto* benchmark, findBenchmark(evaluation.benchmark));
    Score score;
    score.benchmark = benchmark->id;
    score.metric = benchmark->metrics.front().id;
    score.protocol = inputs.protocol;
    if (benchmark->kind == BenchmarkKind::perplexity) return textScores(weights, evaluation, score, inputs, job);
    return choiceScores(weights, *benchmark, evaluation, score, inputs, job);
}

}  // namespace quantoscope
