#include "core/analysis/group_weights.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {
namespace {

constexpr float kReach = 0.501F;  // steps beyond the outermost level

}  // namespace

LevelRange levelRange(const QuantizedTensor& quantized, std::int64_t row, std::int64_t group) {
    const float scale = quantized.scales.at(row, group);
    const float zero = quantized.zero_points.at(row, group);
    const float first = scale * (0.0F - zero);
    const float last = scale * (static_cast<float>((1 << quantized.bits) - 1) - zero);
    const float reach = kReach * std::fabs(scale);
    return {std::min(first, last) - reach, std::max(first, last) + reach};
}

Result<GroupWeights> groupWeights(const Matrix& weight, const QuantizedTensor& quantized, std::int64_t row,
                                  std::int64_t group) {
    if (weight.rows != quantized.rows || weight.columns != quantized.columns)
        return failure("the model's weights and the run's codes have different shapes: the model has changed since");
    if (row < 0 || row >= quantized.rows || group < 0 || group >= quantized.groupCount())
        return failure("this linear has no such row and group");
    GroupWeights result;
    result.row = row;
    result.group = group;
    result.folded = !quantized.input_scale.empty() || !quantized.output_scale.empty();
    const float scale = quantized.scales.at(row, group);
    const float zero = quantized.zero_points.at(row, group);
    for (int code = 0; code < 1 << quantized.bits; ++code)
        result.levels.push_back(scale * (static_cast<float>(code) - zero));
    const auto range = levelRange(quantized, row, group);
    const float fold = quantized.output_scale.empty() ? 1.0F : quantized.output_scale[static_cast<std::size_t>(row)];
    for (std::int64_t j = 0; j < quantized.columns; ++j) {
        if (quantized.groupOf(j) != group) continue;
        const auto column = static_cast<std::size_t>(j);
        const float unfold = quantized.input_scale.empty() ? 1.0F : quantized.input_scale[column];
        const float value = weight.at(row, j) * unfold / fold;
        const auto code = quantized.codes[static_cast<std::size_t>(row * quantized.columns + j)];
        result.channels.push_back(j);
        result.original.push_back(value);
        result.quantized.push_back(result.levels[code]);
        result.clipped.push_back(value < range.lowest || value > range.highest);
    }
    return result;
}

}  // namespace quantoscope
