// Scores of runs as table rows and chart lines.
#pragma once

#include <vector>

#include "app/workbench/session/run_entry.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/score_table/score_table.h"

namespace quantoscope {

/// Same benchmark, metric and protocol: only such scores stand in one column and one chart.
QString scoreColumnId(const Score& score);
std::vector<ScoreColumn> scoreColumns(const std::vector<const RunEntry*>& runs);
std::vector<ScoreRow> scoreRows(const std::vector<const RunEntry*>& runs, const Tokens& tokens);

struct ScoreChart {
    std::vector<ScoreLine> lines;          ///< one per method, points by bits
    std::optional<double> full_precision;  ///< the unquantized model's
};
ScoreChart scoreChart(const std::vector<const RunEntry*>& runs, const QString& column, const Tokens& tokens);

}  // namespace quantoscope
