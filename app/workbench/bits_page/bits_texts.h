// What the Bits page shows, computed from a study without a window.
#pragma once

#include "app/workbench/bits_page/bits_study.h"
#include "app/workbench/parts/fact_list.h"
#include "widgets/plots/plot_spec.h"

namespace quantoscope {

/// Size against expected perplexity (predicted loss where nothing was scored): the best for every size, and the runs.
PlotSpec bitsChartSpec(const BitsStudy& study, const Tokens& tokens);
/// "56.3 MB · perplexity 13.1 expected, +2.4 % to the original"
QString sizeText(const BitsStudy& study);
QString linearToolTip(const BitsStudy& study, HeatmapCell cell);
/// What one linear costs at each width.
std::vector<FactSection> linearBitsFacts(const BitsStudy& study, HeatmapCell cell);
/// Every run of the method: what was predicted beside what was measured.
std::vector<FactSection> predictedFacts(const BitsStudy& study);

}  // namespace quantoscope
