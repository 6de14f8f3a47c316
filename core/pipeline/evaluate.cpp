#include "core/pipeline/evaluate.h"

#include <algorithm>
#include <numeric>

#include "core/base/sha256.h"
#include "core/evaluation/benchmark.h"
#include "core/evaluation/choice/choice_requests.h"
#include "core/evaluation/text_protocol.h"
#include "core/formats/tokenizer.h"
#include "core/model/gpu/gpu_evaluate.h"
#include "core/model/gpu/gpu_score.h"
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
    const ChoiceSelection selection{evaluation.limit, evaluation.shots, evaluation.as_written};
    QS_ASSIGN(auto set, benchmark.load(file, selection, job));
    EvaluationInputs inputs;
    QS_ASSIGN(inputs.requests, choiceRequests(set.items, tokenizer, evaluation.encoding, config.context_length, job));
    inputs.items = std::move(set.items);
    inputs.protocol = {{"items", std::to_string(inputs.items.size())},
                       {"encoding", choiceEncodingName(evaluation.encoding)},
                       {"precision", precisionName(evaluation.precision)},
                       {"data_sha256", set.sha256}};
    if (inputs.items.front().few_shot) {
        inputs.protocol["shots"] = std::to_string(evaluation.shots);
        inputs.protocol["cells"] = evaluation.as_written ? "as written" : "as pandas prints them";
    }
    return inputs;
}

Score scoreOf(const BenchmarkDescription& benchmark, const std::string& metric, const EvaluationInputs& inputs) {
    Score score;
    score.benchmark = benchmark.id;
    score.metric = metric;
    score.protocol = inputs.protocol;
    return score;
}

Result<std::vector<Score>> textScores(const WeightSource& weights, const BenchmarkDescription& benchmark,
                                      const EvaluationRecipe& evaluation, const EvaluationInputs& inputs,
                                      JobContext& job, const std::shared_ptr<Gpu>& gpu) {
    QS_ASSIGN(const auto nll, gpu ? evaluateNllOnGpu(gpu, weights, inputs.windows, job)
                                  : evaluateNll(weights, inputs.windows, evaluation.precision, job));
    std::vector<Score> scores{scoreOf(benchmark, benchmark.metrics.front().id, inputs)};
    for (const auto& window : nll) scores[0].window_nll.push_back(meanOf(window));
    scores[0].value = perplexity(scores[0].window_nll);
    return scores;
}

/// Null: on the CPU.
Result<std::shared_ptr<Gpu>> gpuFor(ComputeDevice* device, const BenchmarkDescription& benchmark, Precision precision) {
    if (device == nullptr || !device->isGpu()) return nullptr;
    if (precision == Precision::bfloat16) return device->gpu();
    device->note(benchmark.label + " in float32 is computed on the CPU: the GPU computes in bfloat16.");
    return nullptr;
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \n");
    return first == std::string::npos ? std::string() : text.substr(first, text.find_last_not_of(" \n") - first + 1);
}

/// Up to where all contexts say the same.
std::size_t commonLength(const std::vector<Choice>& choices) {
    std::size_t length = choices.front().context.size();
    for (const auto& choice : choices) {
        const auto differ = std::ranges::mismatch(choice.context, choices.front().context);
        length = std::min(length, static_cast<std::size_t>(differ.in1 - choice.context.begin()));
    }
    return length;
}

/// Where the contexts differ, what is scored is the same after each: the sentence has a blank.
QuestionText textOf(const ChoiceItem& item) {
    QuestionText text;
    text.category = item.category;
    if (item.few_shot) {
        text.question = trimmed(item.question);
        for (const auto& choice : item.choices) text.choices.push_back(trimmed(choice.continuation));
        return text;
    }
    const auto common = commonLength(item.choices);
    const bool blank =
        std::ranges::any_of(item.choices, [&](const Choice& choice) { return choice.context.size() > common; });
    text.question = item.choices.front().context.substr(0, common);
    if (blank) text.question += "_" + item.choices.front().continuation;
    for (const auto& choice : item.choices)
        text.choices.push_back(trimmed(blank ? choice.context.substr(common) : choice.continuation));
    return text;
}

/// The results that a metric is about: all, or those of its category.
std::vector<ChoiceResult> partOf(const ScoreMetric& metric, const std::vector<ChoiceResult>& results) {
    auto part = results;
    if (!metric.category.empty())
        std::erase_if(part, [&](const ChoiceResult& result) { return result.category != metric.category; });
    return part;
}

Result<std::vector<Score>> choiceScores(const WeightSource& weights, const BenchmarkDescription& benchmark,
                                        const EvaluationRecipe& evaluation, const EvaluationInputs& inputs,
                                        JobContext& job, const std::shared_ptr<Gpu>& gpu) {
    QS_ASSIGN(const auto log_probabilities,
              gpu ? tokenLogProbabilitiesOnGpu(gpu, weights, inputs.requests, job)
                  : tokenLogProbabilities(weights, inputs.requests, evaluation.precision, job));
    const bool normalised = findMetric(benchmark, "acc_norm") != nullptr;
    auto results = choiceResults(inputs.items, log_probabilities, normalised);
    for (std::size_t i = 0; i < results.size(); ++i) results[i].category = inputs.items[i].category;
    std::vector<Score> scores;
    for (const auto& metric : benchmark.metrics) {
        const auto part = partOf(metric, results);
        if (part.empty()) continue;  // of a category that the data do not have
        const auto accuracy = metric.id == "acc_norm" ? normalisedAccuracyOf(part) : accuracyOf(part);
        scores.push_back(scoreOf(benchmark, metric.id, inputs));
        scores.back().value = accuracy.value;
        scores.back().standard_error = accuracy.standard_error;
        scores.back().protocol["items"] = std::to_string(part.size());
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

std::vector<QuestionText> questionTexts(const EvaluationInputs& inputs) {
    std::vector<QuestionText> texts;
    for (const auto& item : inputs.items)
        if (!item.choices.empty()) texts.push_back(textOf(item));
    return texts;
}

Result<std::vector<Score>> evaluate(const WeightSource& weights, const EvaluationRecipe& evaluation,
                                    const EvaluationInputs& inputs, JobContext& job, ComputeDevice* device) {
    QS_ASSIGN(const auto* benchmark, findBenchmark(evaluation.benchmark));
    QS_ASSIGN(const auto gpu, gpuFor(device, *benchmark, evaluation.precision));
    if (benchmark->kind == BenchmarkKind::perplexity)
        return textScores(weights, *benchmark, evaluation, inputs, job, gpu);
    return choiceScores(weights, *benchmark, evaluation, inputs, job, gpu);
}

}  // namespace quantoscope
