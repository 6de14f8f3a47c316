// Scores of runs as table rows and chart lines.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "app/workbench/evaluate_page/score_statistics.h"
#include "app/workbench/session/run_entry.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/score_table/score_table.h"

namespace quantoscope {

/// An accuracy in percent, any other score as it is.
double shownValue(const Score& score);
/// Same benchmark, metric and protocol: only such scores stand in one column and one chart.
QString scoreColumnId(const Score& score);
std::vector<ScoreColumn> scoreColumns(const std::vector<const RunEntry*>& runs);
/// `baseline` may be null: no differences then.
std::vector<ScoreRow> scoreRows(const std::vector<const RunEntry*>& runs, const RunEntry* baseline,
                                ScoreStatistics& statistics, const Tokens& tokens);

struct ScoreChart {
    std::vector<ScoreLine> lines;           ///< bit widths of one method with equal options, by bits; checkpoints alone
    std::optional<double> full_precision;   ///< the unquantized model's
    std::map<QString, Interval> intervals;  ///< 95 %, by run, of those scores that have one
};
/// The 95 % interval as a bar at each point, and the level of guessing.
void addUncertainty(PlotSpec& spec, const ScoreChart& chart, std::optional<double> chance);
ScoreChart scoreChart(const std::vector<const RunEntry*>& runs, const QString& column, ScoreStatistics& statistics,
                      const Tokens& tokens);

}  // namespace quantoscope
