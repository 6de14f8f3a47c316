// One number per block and linear, and what can be computed from it without a window.
#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/analysis/layer_record.h"
#include "widgets/theme/colour_map.h"

namespace quantoscope {

struct HeatmapCell {
    int block = 0;
    int row = 0;  ///< index into kLinearRoles
    friend bool operator==(const HeatmapCell&, const HeatmapCell&) = default;
};

/// Rows are the seven linears (kLinearRoles order), columns the blocks. An empty value is not measured yet.
struct HeatmapData {
    static constexpr int kRows = 7;
    int blocks = 0;
    std::vector<std::optional<double>> values;  ///< row-major, kRows x blocks

    HeatmapData() = default;
    explicit HeatmapData(int block_count);
    bool contains(HeatmapCell cell) const;
    std::optional<double> at(HeatmapCell cell) const;
    void set(HeatmapCell cell, double value);
    /// The values there are, finite ones only, unsorted.
    std::vector<double> present() const;
};

/// Enters one finished block; linears without the metric stay empty.
void addRecord(HeatmapData& data, const LayerRecord& record, const std::string& metric_id);
/// a - b where both are there; the smaller block count.
HeatmapData difference(const HeatmapData& a, const HeatmapData& b);
/// 1 = best by the metric's direction; 0 when the cell is empty.
int rankOf(const HeatmapData& data, HeatmapCell cell, const MetricDescription& metric);
/// "layers.30.mlp.down_proj"
QString cellName(HeatmapCell cell);
/// Tooltip text: name, value with unit, rank, Δ to the pinned data when given.
QString cellToolTip(const HeatmapData& data, HeatmapCell cell, const MetricDescription& metric,
                    const HeatmapData* pinned);

}  // namespace quantoscope
