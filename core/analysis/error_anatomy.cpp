#include "core/analysis/error_anatomy.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace quantoscope {
namespace {

constexpr double kOutlierRatio = 36.0;      // of mean squares: six times in root mean square
constexpr float kHalfStep = 0.5F * 1.001F;  // rounding of float32 is no compensation

enum Part : std::size_t { kClipping, kCompensation, kOutliers, kRounding, kParts };
using Sums = std::array<double, kParts>;

std::vector<double> columnMeanSquares(const Matrix& matrix) {
    std::vector<double> sums(static_cast<std::size_t>(matrix.columns));
    for (std::int64_t i = 0; i < matrix.rows; ++i) {
        const auto row = matrix.row(i);
        for (std::size_t j = 0; j < row.size(); ++j)
            sums[j] += static_cast<double>(row[j]) * static_cast<double>(row[j]);
    }
    return sums;
}

struct Channels {
    std::vector<double> weight;
    std::vector<char> stands_out;
};

Channels channelsOf(const Matrix& matrix, const SiteStatistics* statistics) {
    const bool known = statistics != nullptr && statistics->token_count > 0 && statistics->gram.rows == matrix.columns;
    Channels channels;
    if (!known) {
        channels.weight.assign(static_cast<std::size_t>(matrix.columns), 1.0);
        channels.stands_out = outlierChannels(columnMeanSquares(matrix));
        return channels;
    }
    for (std::int64_t j = 0; j < matrix.columns; ++j)
        channels.weight.push_back(std::max(0.0, static_cast<double>(statistics->gram.at(j, j))));
    channels.stands_out = outlierChannels(channels.weight);
    return channels;
}

/// A group's grid in one row, in folded coordinates.
struct GroupGrid {
    float low = 0.0F;   ///< half a step below the first level
    float high = 0.0F;  ///< half a step above the last
    float half = 0.0F;

    GroupGrid(const QuantizedTensor& tensor, std::int64_t row, std::int64_t group) {
        const float scale = std::fabs(tensor.scales.at(row, group));
        const float zero = tensor.zero_points.at(row, group);
        const auto levels = static_cast<float>((1 << tensor.bits) - 1);
        low = scale * (-zero - kHalfStep);
        high = scale * (levels - zero + kHalfStep);
        half = scale * kHalfStep;
    }
    Part partOf(float folded, float wrong) const {
        if (folded < low || folded > high) return kClipping;
        return std::fabs(wrong) > half ? kCompensation : kRounding;
    }
};

/// What is the same for every row.
struct Anatomy {
    const Matrix& weight;
    const Matrix& error;
    const QuantizedTensor& quantized;
    Channels channels;

    void addColumns(std::int64_t row, std::int64_t begin, std::int64_t end, const GroupGrid& grid, Sums& sums) const {
        const float unfold =
            quantized.output_scale.empty() ? 1.0F : 1.0F / quantized.output_scale[static_cast<std::size_t>(row)];
        const auto weights = weight.row(row);
        const auto errors = error.row(row);
        for (auto j = static_cast<std::size_t>(begin); j < static_cast<std::size_t>(end); ++j) {
            const float fold = quantized.input_scale.empty() ? unfold : unfold * quantized.input_scale[j];
            auto part = grid.partOf(weights[j] * fold, errors[j] * fold);
            if (part == kRounding && channels.stands_out[j] != 0) part = kOutliers;
            const auto wrong = static_cast<double>(errors[j]);
            sums[part] += channels.weight[j] * wrong * wrong;
        }
    }

    Sums sumRow(std::int64_t row) const {
        Sums sums{};
        const std::int64_t step = quantized.group_index.empty() ? std::max<std::int64_t>(quantized.group_size, 1) : 1;
        for (std::int64_t begin = 0; begin < weight.columns; begin += step)
            addColumns(row, begin, std::min(begin + step, weight.columns),
                       GroupGrid(quantized, row, quantized.groupOf(begin)), sums);
        return sums;
    }
};

}  // namespace

std::vector<char> outlierChannels(const std::vector<double>& mean_squares) {
    std::vector<char> stands_out(mean_squares.size(), 0);
    if (mean_squares.empty()) return stands_out;
    auto sorted = mean_squares;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::ranges::nth_element(sorted, middle);
    for (std::size_t j = 0; j < mean_squares.size(); ++j)
        stands_out[j] = mean_squares[j] > kOutlierRatio * *middle ? 1 : 0;
    return stands_out;
}

void addErrorAnatomy(const Matrix& weight, const Matrix& error, const QuantizedTensor& quantized,
                     const SiteStatistics* statistics, std::map<std::string, double>& metrics) {
    constexpr std::array kNames{"clipping_share", "compensation_share", "outlier_channel_share", "rounding_share"};
    const Anatomy anatomy{weight, error, quantized, channelsOf(weight, statistics)};
    std::vector<Sums> rows(static_cast<std::size_t>(weight.rows));
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < weight.rows; ++i) rows[static_cast<std::size_t>(i)] = anatomy.sumRow(i);
    Sums total{};
    for (const auto& row : rows)
        for (std::size_t part = 0; part < kParts; ++part) total[part] += row[part];
    double all = 0.0;
    for (const double part : total) all += part;
    if (!(all > 0.0) || !std::isfinite(all)) return;
    for (std::size_t part = 0; part < kParts; ++part) metrics[kNames[part]] = total[part] / all;
}

}  // namespace quantoscope
