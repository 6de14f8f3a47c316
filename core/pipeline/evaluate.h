// Scores of a model on a benchmark.
#pragma once

#include <filesystem>
#include <map>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/compute_device.h"
#include "core/evaluation/choice/choice_item.h"
#include "core/model/scoring/token_request.h"
#include "core/model/weight_source.h"
#include "core/pipeline/recipe.h"
#include "core/run_store/question_file.h"

namespace quantoscope {

/// What a benchmark has a model read: made once and shared by every configuration that is scored on it.
struct EvaluationInputs {
    std::vector<std::vector<std::int32_t>> windows;  ///< perplexity: ids of the text, cut
    std::vector<ChoiceItem> items;                   ///< multiple choice: the questions
    std::vector<TokenRequest> requests;              ///< one per choice
    std::map<std::string, std::string> protocol;     ///< what must match to compare scores
};
/// `config` and the tokenizer are the model's.
Result<EvaluationInputs> evaluationInputs(const EvaluationRecipe& evaluation,
                                          const std::filesystem::path& tokenizer_path, const ModelConfig& config,
                                          JobContext& job);

/// The questions as a person reads them, for the run folder; none for a text.
std::vector<QuestionText> questionTexts(const EvaluationInputs& inputs);

/// A score per metric of the benchmark, its own first; that one holds the results by window or by question. `device`:
/// where to compute, null for the CPU; what cannot be computed there is computed on the CPU, and a note says so.
Result<std::vector<Score>> evaluate(const WeightSource& weights, const EvaluationRecipe& evaluation,
                                    const EvaluationInputs& inputs, JobContext& job, ComputeDevice* device = nullptr);

}  // namespace quantoscope
