// What the Analyse page shows, computed from loaded metrics without a window.
#pragma once

#include <vector>

#include "app/workbench/parts/fact_list.h"
#include "app/workbench/session/session.h"
#include "widgets/export_view/export_view.h"
#include "widgets/heatmap/heatmap_data.h"

namespace quantoscope {

/// Model, configuration and run folder, below an exported view.
ExportCaption runCaption(Session& session, const RunKey& run);
/// One metric of a run as a map; blocks that are not finished stay empty.
HeatmapData heatmapOf(const RunMetrics* metrics, std::int64_t block_count, const std::string& metric_id);
/// "mean 0.081 (+0.012) · 3.25 bits", or how far the run is. `baseline` may be null.
QString mapNote(const RunEntry& run, const HeatmapData& data, const MetricDescription& metric,
                const HeatmapData* baseline = nullptr);

/// Every metric of one linear, with the difference to the baseline's where it has the same one.
std::vector<FactSection> linearFacts(const BlockMetrics* values, const BlockMetrics* baseline, LinearRole role);

const LinearRecord* linearOf(const LayerRecord& record, LinearRole role);

}  // namespace quantoscope
