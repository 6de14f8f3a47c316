// Block x linear maps of a metric, their difference, their range, and the summary of a configuration.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/layer_record.h"

namespace quantoscope {

/// rows: the seven linears in kLinearRoles order; columns: blocks. NaN: not finished or not measured.
struct MetricGrid {
    std::int64_t rows = 7;
    std::int64_t columns = 0;
    std::vector<double> values;

    double at(std::int64_t row, std::int64_t column) const {
        return values[static_cast<std::size_t>(row * columns + column)];
    }
    double& at(std::int64_t row, std::int64_t column) {
        return values[static_cast<std::size_t>(row * columns + column)];
    }
};

/// Records in any order, some blocks missing; blocks outside [0, block_count) are ignored.
MetricGrid metricGrid(const std::vector<LayerRecord>& records, std::string_view metric, std::int64_t block_count);
/// a - b cell by cell, as wide as the wider one; NaN where either has no value.
MetricGrid difference(const MetricGrid& a, const MetricGrid& b);

/// Over the finite cells; all NaN and count 0 when there are none.
struct GridRange {
    double minimum = 0.0;
    double maximum = 0.0;
    double low = 0.0;   ///< 0.5 % quantile, linear between neighbours
    double high = 0.0;  ///< 99.5 % quantile
    std::int64_t count = 0;
};
GridRange gridRange(const MetricGrid& grid);
/// Quantile of the finite values, linear between neighbours; NaN when there are none.
double quantile(std::vector<double> values, double share);

/// "linear,0,1,2\nq_proj,…": shortest text that reads back to the same number, empty for NaN, C locale.
std::string gridCsv(const MetricGrid& grid);

/// One metric over a configuration: mean over its linears, weighted by their number of weights.
struct MetricSummary {
    double mean = 0.0;  ///< NaN when nothing was measured
    double worst = 0.0;
    std::int64_t worst_block = -1;
    LinearRole worst_linear = LinearRole::q_proj;
    std::int64_t linear_count = 0;
    std::int64_t weight_count = 0;
};
MetricSummary summarize(const std::vector<LayerRecord>& records, const MetricDescription& metric);

/// The description of a metric, or null.
const MetricDescription* findMetric(std::string_view id);

}  // namespace quantoscope
