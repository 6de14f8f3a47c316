// Scores of a model on a benchmark.
#pragma once

#include <filesystem>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/weight_source.h"
#include "core/pipeline/recipe.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

/// Ids of a benchmark's text, cut into windows: made once and shared by every configuration that is scored on it.
struct EvaluationWindows {
    std::vector<std::vector<std::int32_t>> windows;
    std::map<std::string, std::string> protocol;
};
Result<EvaluationWindows> evaluationWindows(const EvaluationRecipe& evaluation,
                                            const std::filesystem::path& tokenizer_path, JobContext& job);
Result<Score> evaluate(const WeightSource& weights, const EvaluationRecipe& evaluation,
                       const EvaluationWindows& windows, JobContext& job);

}  // namespace quantoscope
