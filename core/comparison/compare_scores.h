// Two scores of one benchmark, told apart or not. Definitions: docs/statistics.md.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "core/analysis/mcnemar.h"
#include "core/base/result.h"
#include "core/run_store/question_file.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

struct ScoreComparison {
    double difference = 0.0;  ///< run minus baseline, as Score::value is
    Interval interval;        ///< 95 %, of the difference
    bool distinguishable = false;
    std::optional<PerplexityComparison> perplexity;
    std::optional<PickComparison> picks;  ///< distinguishable: p below 0.05; perplexity: 0 is outside the interval
};

/// The answers by question behind `score`: its own, or those kept with another metric of the same benchmark and
/// protocol; of a metric about a part of the questions, those of that part. Empty: none are kept.
std::vector<ChoiceResult> answersOf(std::span<const Score> scores, const Score& score);
/// What was asked for answersOf, in its order; the error says that the texts were not kept with the run.
Result<std::vector<QuestionText>> questionsOf(const std::filesystem::path& run_folder, std::span<const Score> scores,
                                              const Score& score);
/// The pick as the metric reads the likelihoods; -1 when one of them is not a number.
std::int64_t pickFor(const Score& score, const ChoiceResult& answer);

/// Same benchmark and metric, and every line of the protocol but the precision's? The error is one sentence that names
/// what differs.
Status checkComparable(const Score& baseline, const Score& run);

/// `baseline` is one of `baseline_scores`, `run` one of `run_scores`.
Result<ScoreComparison> compareScores(std::span<const Score> baseline_scores, const Score& baseline,
                                      std::span<const Score> run_scores, const Score& run);

}  // namespace quantoscope
