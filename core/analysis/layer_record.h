// What a finished block leaves behind for people: numbers, histograms, tile maps and salience of its seven linears.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model/model_config.h"

namespace quantoscope {

/// A metric describes itself; table, heatmap, curve, tooltip and export show whatever is listed here.
struct MetricDescription {
    std::string id;     ///< "relative_output_error"
    std::string label;  ///< "Output error (relative)"
    std::string unit;   ///< "dB", "bits", "" for a ratio
    bool lower_is_better = true;
    bool logarithmic = true;   ///< a log scale is the sensible default
    bool is_signed = false;    ///< diverging colours
    std::string definition;    ///< one sentence with the formula
    bool can_be_zero = false;  ///< 0 is an ordinary value: nothing of the kind happens in that linear
};
const std::vector<MetricDescription>& linearMetrics();
/// The one mean of a metric over linears: geometric for a logarithmic one, whose values multiply, else plain, so also
/// where a value can be 0. Decided by the metric alone: means of different runs compare. Values that are not finite,
/// and under a geometric mean those that are not above 0 (linears left as they are), are left out; NaN when none
/// remain.
double meanOverLinears(std::span<const double> values, const MetricDescription& metric);

/// Equal-width histogram of weights, with the grid they were rounded to (levels of one representative group).
struct WeightHistogram {
    double minimum = 0.0;
    double maximum = 0.0;
    std::vector<std::uint64_t> original_counts;   ///< of W, over [minimum, maximum]
    std::vector<std::uint64_t> quantized_counts;  ///< of the dequantized weights, same edges
    std::int64_t grid_row = 0;                    ///< the row and group whose levels are drawn (the widest range)
    std::int64_t grid_group = 0;
    std::vector<float> grid_levels;
};

/// One level of a tile map: tiles of `tile_rows` x `tile_columns` weights.
struct TileLevel {
    std::int64_t tile_rows = 16;
    std::int64_t tile_columns = 16;
    std::int64_t rows = 0;     ///< tiles down
    std::int64_t columns = 0;  ///< tiles across
    std::vector<float> mean_absolute;
    std::vector<float> max_absolute;
    std::vector<float> signed_mean;
};
/// From 16 x 16 weights a tile up to a map of at most 32 x 32 tiles, each level halving both sides.
struct TilePyramid {
    std::vector<TileLevel> levels;  ///< finest first
};

/// Salience by one definition ("magnitude", "activation_weighted", "hessian_diagonal").
struct SalienceDescription {
    std::string id;
    std::string label;
    std::string definition;
};
const std::vector<SalienceDescription>& salienceDefinitions();

struct SalienceSummary {
    double minimum = 0.0;  ///< of log10(score) over the histogram
    double maximum = 0.0;
    std::vector<std::uint64_t> log_score_counts;  ///< equal-width histogram of log10(score), zeros left out
    std::vector<float> channel_share;             ///< per input channel: its share of the summed score (sums to 1)
};

/// Errors by input group (the columns that share a scale) over all rows. All empty: not measured.
struct GroupErrors {
    std::int64_t group_size = 0;            ///< columns in a group, the last may be short; 0: not measured
    std::vector<std::int32_t> group_index;  ///< per column, when groups are not consecutive columns; else empty
    std::vector<float> mean_squared_error;  ///< per group
    std::vector<float> clipped_share;       ///< per group: share of the weights outside their grid's range

    std::int64_t groupOf(std::int64_t column) const {
        return group_index.empty() ? column / group_size : group_index[static_cast<std::size_t>(column)];
    }
};

struct LinearRecord {
    LinearRole role = LinearRole::q_proj;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::map<std::string, double> metrics;  ///< by MetricDescription::id; absent: not measured
    WeightHistogram histogram;
    TilePyramid weight_tiles;                         ///< of W
    TilePyramid error_tiles;                          ///< of W - dequantized W
    std::map<std::string, SalienceSummary> salience;  ///< by SalienceDescription::id
    std::vector<float> channel_error;                 ///< per input channel: mean squared weight error
    GroupErrors groups;
};

struct LayerRecord {
    std::int64_t block = 0;
    std::vector<LinearRecord> linears;  ///< in kLinearRoles order, quantized ones only
    std::vector<std::string> notes;
};

}  // namespace quantoscope
