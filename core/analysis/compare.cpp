#include "core/analysis/compare.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace quantoscope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double metricValue(const LinearRecord& linear, std::string_view metric) {
    const auto found = linear.metrics.find(std::string(metric));
    return found == linear.metrics.end() ? kNone : found->second;
}

double cell(const MetricGrid& grid, std::int64_t row, std::int64_t column) {
    return row < grid.rows && column < grid.columns ? grid.at(row, column) : kNone;
}

std::string numberText(double value) {
    if (std::isnan(value)) return {};
    std::array<char, 64> text{};
    const auto [end, status] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

}  // namespace

MetricGrid metricGrid(const std::vector<LayerRecord>& records, std::string_view metric, std::int64_t block_count) {
    MetricGrid grid;
    grid.columns = std::max<std::int64_t>(block_count, 0);
    grid.values.assign(static_cast<std::size_t>(grid.rows * grid.columns), kNone);
    for (const auto& record : records) {
        if (record.block < 0 || record.block >= grid.columns) continue;
        for (const auto& linear : record.linears)
            grid.at(static_cast<std::int64_t>(linear.role), record.block) = metricValue(linear, metric);
    }
    return grid;
}

MetricGrid difference(const MetricGrid& a, const MetricGrid& b) {
    MetricGrid grid;
    grid.rows = std::max(a.rows, b.rows);
    grid.columns = std::max(a.columns, b.columns);
    grid.values.reserve(static_cast<std::size_t>(grid.rows * grid.columns));
    for (std::int64_t row = 0; row < grid.rows; ++row)
        for (std::int64_t column = 0; column < grid.columns; ++column)
            grid.values.push_back(cell(a, row, column) - cell(b, row, column));
    return grid;
}

double quantile(std::vector<double> values, double share) {
    std::erase_if(values, [](double value) { return !std::isfinite(value); });
    if (values.empty()) return kNone;
    std::ranges::sort(values);
    const double position = std::clamp(share, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const auto above = std::min(below + 1, values.size() - 1);
    const double part = position - static_cast<double>(below);
    return values[below] + part * (values[above] - values[below]);
}

GridRange gridRange(const MetricGrid& grid) {
    GridRange range;
    range.minimum = quantile(grid.values, 0.0);
    range.maximum = quantile(grid.values, 1.0);
    range.low = quantile(grid.values, 0.005);
    range.high = quantile(grid.values, 0.995);
    range.count = std::ranges::count_if(grid.values, [](double value) { return std::isfinite(value); });
    return range;
}

std::string gridCsv(const MetricGrid& grid) {
    std::string text = "linear";
    for (std::int64_t column = 0; column < grid.columns; ++column) text += "," + std::to_string(column);
    text += "\n";
    for (std::int64_t row = 0; row < grid.rows; ++row) {
        text += row < static_cast<std::int64_t>(kLinearRoles.size())
                    ? linearName(kLinearRoles[static_cast<std::size_t>(row)])
                    : std::string_view("?");
        for (std::int64_t column = 0; column < grid.columns; ++column) text += "," + numberText(grid.at(row, column));
        text += "\n";
    }
    return text;
}

MetricSummary summarize(const std::vector<LayerRecord>& records, const MetricDescription& metric) {
    MetricSummary summary;
    double weighted = 0.0;
    summary.worst = kNone;
    for (const auto& record : records)
        for (const auto& linear : record.linears) {
            const double value = metricValue(linear, metric.id);
            if (std::isnan(value)) continue;
            const std::int64_t weights = linear.rows * linear.columns;
            weighted += value * static_cast<double>(weights);
            summary.weight_count += weights;
            ++summary.linear_count;
            const bool worse = metric.lower_is_better ? value > summary.worst : value < summary.worst;
            if (!std::isnan(summary.worst) && !worse) continue;
            summary.worst = value;
            summary.worst_block = record.block;
            summary.worst_linear = linear.role;
        }
    summary.mean = summary.weight_count > 0 ? weighted / static_cast<double>(summary.weight_count) : kNone;
    return summary;
}

const MetricDescription* findMetric(std::string_view id) {
    for (const auto& metric : linearMetrics())
        if (metric.id == id) return &metric;
    return nullptr;
}

}  // namespace quantoscope
