// Intervals and differences of the scores on view, in the units shown. Each is made once: the page is refreshed often
// while a worker runs.
#pragma once

#include <map>
#include <optional>

#include "app/workbench/session/run_entry.h"
#include "core/comparison/compare_scores.h"
#include "widgets/score_table/score_table.h"

namespace quantoscope {

class ScoreStatistics {
public:
    /// 95 %: of a perplexity by bootstrap over its windows, of an accuracy from its standard error.
    std::optional<Interval> interval(const RunEntry& run, const Score& score);
    /// Of `score`, one of the run's, against the baseline's of the same column; nothing when there is none or the two
    /// cannot be compared.
    std::optional<ScoreDifference> difference(const RunEntry& baseline, const RunEntry& run, const Score& score);

private:
    std::map<QString, std::optional<Interval>> intervals_;
    std::map<QString, std::optional<ScoreDifference>> differences_;
};

/// The score of this column, or null.
const Score* scoreOfColumn(const RunEntry& run, const QString& column);

/// "12 lost, 9 won, p 0.66": what a card has room for.
QString flipsText(const PickComparison& picks);

}  // namespace quantoscope
