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
    double outlier_channels = 0.0;
    double rounded = 0.0;
};

/// What is the same for every weight of a row.
struct Row {
    const float* values;
    const float* errors;
    float unfold;  // one over the row's output scale
};

/// Columns [begin, end) of one group. Returns how many of them are clipped.
std::int64_t addColumns(const Row& row, const ChannelTable& table, const LevelRange& range, std::size_t begin,
                        std::size_t end, RowParts& parts) {
    const float* const input_scale = table.input_scale.data();
    const double* const moment = table.moment.data();
    const double* const ordinary = table.ordinary.data();
    double clipped = 0.0;
    double kept = 0.0;
    double rounded = 0.0;
    std::int64_t count = 0;
#pragma omp simd reduction(+ : clipped, kept, rounded, count)
    for (std::size_t j = begin; j < end; ++j) {
        const float folded = row.values[j] * input_scale[j] * row.unfold;
        const bool outside = folded < range.lowest || folded > range.highest;
        const auto error = static_cast<double>(row.errors[j]);
        const double squared = error * error;
        clipped += outside ? squared * moment[j] : 0.0;
        kept += outside ? 0.0 : squared * (moment[j] - ordinary[j]);
        rounded += outside ? 0.0 : squared * ordinary[j];
        count += outside ? 1 : 0;
    }
    parts.clipped += clipped;
    parts.outlier_channels += kept;
    parts.rounded += rounded;
    return count;
}

RowParts splitRow(const Matrix& weight, const Matrix& error, const QuantizedTensor& quantized, std::int64_t index,
                  const ChannelTable& table, std::vector<LevelRange>& ranges,
                  std::span<std::int64_t> clipped_by_group) {
    for (std::size_t g = 0; g < ranges.size(); ++g)
        ranges[g] = levelRange(quantized, index, static_cast<std::int64_t>(g));
    const auto& scales = quantized.output_scale;
    const Row row{weight.row(index).data(), error.row(index).data(),
                  scales.empty() ? 1.0F : 1.0F / scales[static_cast<std::size_t>(index)]};
    const auto columns = static_cast<std::size_t>(weight.columns);
    RowParts parts;
    for (std::size_t begin = 0; begin < columns;) {
        const std::size_t group = table.group[begin];
        std::size_t end = begin + 1;
        while (end < columns && table.group[end] == group) ++end;
        clipped_by_group[group] += addColumns(row, table, ranges[group], begin, end, parts);
        begin = end;
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
        total.outlier_channels += row.outlier_channels;
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
