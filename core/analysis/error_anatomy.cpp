#include "core/analysis/error_anatomy.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "core/analysis/group_weights.h"

namespace quantoscope {
namespace {

/// What a channel counts in each part, and how a weight of it is brought onto its group's grid.
struct ChannelTable {
    std::vector<std::size_t> group;
    std::vector<float> input_scale;  // ones where the method does not rescale
    std::vector<double> moment;      // G_jj
    std::vector<double> ordinary;    // G_jj, 0 for an outlier
};

ChannelTable channelTable(const QuantizedTensor& quantized, const Matrix& gram) {
    const auto columns = static_cast<std::size_t>(quantized.columns);
    ChannelTable table;
    table.group.resize(columns);
    table.moment.assign(columns, 0.0);
    table.input_scale = quantized.input_scale;
    table.input_scale.resize(columns, 1.0F);
    for (std::size_t j = 0; j < columns; ++j)
        table.group[j] = static_cast<std::size_t>(quantized.groupOf(static_cast<std::int64_t>(j)));
    if (!gram.values.empty())
        for (std::size_t j = 0; j < columns; ++j) table.moment[j] = static_cast<double>(gram.values[j * columns + j]);
    table.ordinary = table.moment;
    if (gram.values.empty()) return table;
    const auto outlier = outlierChannels(gram);
    for (std::size_t j = 0; j < columns; ++j)
        if (outlier[j]) table.ordinary[j] = 0.0;
    return table;
}

struct RowParts {
    double clipped = 0.0;
    double kept = 0.0;  // outlier channels and the others together
    double rounded = 0.0;
};

RowParts splitRow(const Matrix& weight, const Matrix& error, const QuantizedTensor& quantized, std::int64_t row,
                  const ChannelTable& table, std::vector<LevelRange>& ranges,
                  std::span<std::int64_t> clipped_by_group) {
    for (std::size_t g = 0; g < ranges.size(); ++g)
        ranges[g] = levelRange(quantized, row, static_cast<std::int64_t>(g));
    const float fold = quantized.output_scale.empty() ? 1.0F : quantized.output_scale[static_cast<std::size_t>(row)];
    const auto values = weight.row(row);
    const auto errors = error.row(row);
    RowParts parts;
    for (std::size_t j = 0; j < values.size(); ++j) {
        const LevelRange& range = ranges[table.group[j]];
        const float folded = values[j] * table.input_scale[j] / fold;
        const auto d = static_cast<double>(errors[j]);
        const double squared = d * d;
        if (folded < range.lowest || folded > range.highest) {
            parts.clipped += squared * table.moment[j];
            ++clipped_by_group[table.group[j]];
            continue;
        }
        parts.kept += squared * (table.moment[j] - table.ordinary[j]);
        parts.rounded += squared * table.ordinary[j];
    }
    return parts;
}

}  // namespace

std::vector<bool> outlierChannels(const Matrix& gram) {
    const auto columns = static_cast<std::size_t>(gram.columns);
    std::vector<double> moments(columns);
    for (std::size_t j = 0; j < columns; ++j) moments[j] = static_cast<double>(gram.values[j * columns + j]);
    auto ordered = moments;
    const auto middle = ordered.begin() + static_cast<std::ptrdiff_t>(columns / 2);
    std::ranges::nth_element(ordered, middle);
    const double limit = columns > 0 ? *middle * kOutlierChannelRatio * kOutlierChannelRatio : 0.0;
    std::vector<bool> outlier(columns);
    for (std::size_t j = 0; j < columns; ++j) outlier[j] = limit > 0.0 && moments[j] > limit;
    return outlier;
}

ErrorParts errorParts(const Matrix& weight, const Matrix& error, const QuantizedTensor& quantized, const Matrix& gram) {
    const auto table = channelTable(quantized, gram);
    const auto groups = static_cast<std::size_t>(quantized.groupCount());
    std::vector<RowParts> rows(static_cast<std::size_t>(weight.rows));
    ErrorParts total;
    total.clipped_by_group.assign(groups, 0);
#pragma omp parallel
    {
        std::vector<LevelRange> ranges(groups);
        std::vector<std::int64_t> own(groups);
#pragma omp for schedule(static)
        for (std::int64_t i = 0; i < weight.rows; ++i)
            rows[static_cast<std::size_t>(i)] = splitRow(weight, error, quantized, i, table, ranges, own);
#pragma omp critical
        for (std::size_t g = 0; g < groups; ++g) total.clipped_by_group[g] += own[g];
    }
    for (const auto& row : rows) {  // in order: the thread count does not show in the last digit
        total.clipped += row.clipped;
        total.outlier_channels += row.kept;
        total.rounded += row.rounded;
    }
    for (const auto count : total.clipped_by_group) total.clipped_weights += count;
    return total;
}

void addAnatomyMetrics(const ErrorParts& parts, const Matrix& gram, double noise, double signal,
                       std::map<std::string, double>& metrics) {
    metrics["clipping_error"] = parts.clipped / signal;
    metrics["outlier_channel_error"] = parts.outlier_channels / signal;
    metrics["rounding_error"] = parts.rounded / signal;
    metrics["channel_interaction"] = (noise - parts.clipped - parts.outlier_channels - parts.rounded) / signal;
    const auto outlier = outlierChannels(gram);
    metrics["outlier_channels"] = static_cast<double>(std::ranges::count(outlier, true));
}

GroupErrors groupErrors(const QuantizedTensor& quantized, const std::vector<float>& channel_error,
                        const ErrorParts& parts) {
    const auto groups = static_cast<std::size_t>(quantized.groupCount());
    GroupErrors errors;
    errors.group_size = quantized.group_size;
    errors.group_index = quantized.group_index;
    std::vector<double> sums(groups);
    std::vector<double> channels(groups);
    for (std::size_t j = 0; j < channel_error.size(); ++j) {
        const auto group = static_cast<std::size_t>(quantized.groupOf(static_cast<std::int64_t>(j)));
        sums[group] += static_cast<double>(channel_error[j]);
        channels[group] += 1.0;
    }
    for (std::size_t g = 0; g < groups; ++g) {
        const double weights = channels[g] * static_cast<double>(quantized.rows);
        errors.mean_squared_error.push_back(channels[g] > 0.0 ? static_cast<float>(sums[g] / channels[g]) : 0.0F);
        errors.clipped_share.push_back(
            weights > 0.0 ? static_cast<float>(static_cast<double>(parts.clipped_by_group[g]) / weights) : 0.0F);
    }
    return errors;
}

}  // namespace quantoscope
