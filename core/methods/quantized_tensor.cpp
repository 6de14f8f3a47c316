#include "core/methods/quantized_tensor.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace quantoscope {
namespace {

/// Bits that one entry of a group index takes when packed tightly.
int groupIndexBits(std::int64_t groups) {
    return groups <= 1 ? 0 : static_cast<int>(std::bit_width(static_cast<std::uint64_t>(groups - 1)));
}

bool holds(const Matrix& matrix, std::int64_t rows, std::int64_t columns) {
    return matrix.rows == rows && matrix.columns == columns &&
           matrix.values.size() == static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

bool allFinite(const std::vector<float>& values) {
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

std::string countText(std::size_t found, std::int64_t expected) {
    return std::to_string(found) + " instead of " + std::to_string(expected);
}

Status checkShape(const QuantizedTensor& tensor, const std::string& name) {
    constexpr auto kLimit = std::int64_t{1} << 31;
    if (tensor.rows < 1 || tensor.columns < 1 || tensor.rows > kLimit || tensor.columns > kLimit)
        return failure(name + " has no usable shape", {},
                       std::to_string(tensor.rows) + " x " + std::to_string(tensor.columns));
    if (tensor.bits < 1 || tensor.bits > 8)
        return failure(name + " has codes of " + std::to_string(tensor.bits) + " bits; 1 to 8 are possible");
    if (tensor.group_size < 1 || tensor.group_size > tensor.columns)
        return failure(name + " has groups of " + std::to_string(tensor.group_size) + " columns, its rows have " +
                       std::to_string(tensor.columns));
    const auto elements = static_cast<std::size_t>(tensor.rows) * static_cast<std::size_t>(tensor.columns);
    if (tensor.codes.size() != elements)
        return failure(name + " has " + countText(tensor.codes.size(), static_cast<std::int64_t>(elements)) + " codes");
    const std::int64_t groups = (tensor.columns + tensor.group_size - 1) / tensor.group_size;
    if (!holds(tensor.scales, tensor.rows, groups) || !holds(tensor.zero_points, tensor.rows, groups))
        return failure(name + ": scales and zero points do not have one entry per row and group");
    if (tensor.scale_bits != 16 && tensor.scale_bits != 32)
        return failure(name + " has scales of " + std::to_string(tensor.scale_bits) + " bits; 16 and 32 are possible");
    return {};
}

Status checkGroupIndex(const QuantizedTensor& tensor, const std::string& name) {
    if (tensor.group_index.empty()) return {};
    if (std::ssize(tensor.group_index) != tensor.columns)
        return failure(name + " has " + countText(tensor.group_index.size(), tensor.columns) + " group numbers");
    const auto groups = tensor.groupCount();
    const bool inside =
        std::ranges::all_of(tensor.group_index, [&](auto group) { return group >= 0 && group < groups; });
    if (!inside)
        return failure(name + " has a column in a group that does not exist; there are " + std::to_string(groups));
    return {};
}

Status checkChannelScale(const std::vector<float>& values, std::int64_t expected, const std::string& what) {
    if (values.empty()) return {};
    if (std::ssize(values) != expected)
        return failure(what + " has " + countText(values.size(), expected) + " entries");
    if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value) && value != 0.0F; }))
        return failure(what + " holds a zero or a value that is not a number");
    return {};
}

}  // namespace

Matrix QuantizedTensor::dequantize() const {
    return dequantizeRows(0, rows);
}

Matrix QuantizedTensor::dequantizeRows(std::int64_t first, std::int64_t count) const {
    Matrix weight(count, columns);
    std::vector<std::size_t> group_of(static_cast<std::size_t>(columns));
    for (std::int64_t j = 0; j < columns; ++j)
        group_of[static_cast<std::size_t>(j)] = static_cast<std::size_t>(groupOf(j));
    for (std::int64_t i = first; i < first + count; ++i) {
        const auto out = weight.row(i - first);
        const auto scale = scales.row(i);
        const auto zero = zero_points.row(i);
        const auto* code = codes.data() + i * columns;
        for (std::size_t j = 0; j < out.size(); ++j) {
            const auto group = group_of[j];
            out[j] = scale[group] * (static_cast<float>(code[j]) - zero[group]);
        }
    }
    return weight;
}

Matrix QuantizedTensor::dequantizeUnfolded() const {
    auto weight = dequantize();
    for (std::int64_t i = 0; i < rows; ++i) {
        const auto row = weight.row(i);
        if (!output_scale.empty()) {
            const float factor = output_scale[static_cast<std::size_t>(i)];
            for (auto& value : row) value *= factor;
        }
        if (!input_scale.empty())
            for (std::size_t j = 0; j < row.size(); ++j) row[j] /= input_scale[j];
    }
    return weight;
}

double QuantizedTensor::bitsPerWeight() const {
    const double weights = static_cast<double>(rows) * static_cast<double>(columns);
    if (weights <= 0.0) return 0.0;
    const double group_bits = static_cast<double>(scale_bits + (symmetric ? 0 : bits));
    double total = weights * bits + static_cast<double>(rows) * static_cast<double>(groupCount()) * group_bits;
    if (!group_index.empty()) total += static_cast<double>(columns) * groupIndexBits(groupCount());
    return total / weights;
}

Status QuantizedTensor::validate(const std::string& name) const {
    QS_TRY(checkShape(*this, name));
    QS_TRY(checkGroupIndex(*this, name));
    const int maximum = (1 << bits) - 1;
    if (std::ranges::any_of(codes, [&](std::uint8_t code) { return code > maximum; }))
        return failure(name + " has a code above " + std::to_string(maximum) + ", too large for " +
                       std::to_string(bits) + " bits");
    if (!allFinite(scales.values)) return failure(name + " has a scale that is not a finite number");
    const auto whole = [](float zero) { return std::isfinite(zero) && zero == std::floor(zero); };
    if (!std::ranges::all_of(zero_points.values, whole))
        return failure(name + " has a zero point that is not a whole number");
    QS_TRY(checkChannelScale(input_scale, columns, name + ": the input scale"));
    return checkChannelScale(output_scale, rows, name + ": the output scale");
}

}  // namespace quantoscope
