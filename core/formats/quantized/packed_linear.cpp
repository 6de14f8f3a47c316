#include "core/formats/quantized/packed_linear.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "core/formats/safetensors_file.h"

namespace quantoscope {
namespace {

using Layout = CheckpointQuantization::Layout;

constexpr std::array<int, 8> kNibbleOfOutput{0, 4, 1, 5, 2, 6, 3, 7};

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text;
    for (const auto dimension : shape) text += (text.empty() ? "" : " x ") + std::to_string(dimension);
    return text.empty() ? "a scalar" : text;
}

Result<StoredTensor> find(const StoredTensors& tensors, const std::string& name) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) return failure("the quantized checkpoint lacks the tensor '" + name + "'");
    return found->second;
}

Result<StoredTensor> findWords(const StoredTensors& tensors, const std::string& name,
                               const std::vector<std::int64_t>& shape) {
    QS_ASSIGN(auto tensor, find(tensors, name));
    if (tensor.dtype != DType::i32 && tensor.dtype != DType::u32)
        return failure("'" + name + "' holds " + std::string(dtypeName(tensor.dtype)) + " where packed codes are I32");
    if (tensor.shape != shape)
        return failure("'" + name + "' has the shape " + shapeText(tensor.shape) + " where " + shapeText(shape) +
                       " is needed");
    std::size_t bytes = 4;
    for (const auto dimension : shape) bytes *= static_cast<std::size_t>(dimension);
    if (tensor.byte_count != bytes) return failure("'" + name + "' holds fewer bytes than its shape says");
    return tensor;
}

/// The width that the rows of qweight give, where the configuration does not say it for every linear.
Result<int> widthOf(const StoredTensors& tensors, const CheckpointQuantization& quantization, const std::string& name,
                    std::int64_t columns) {
    if (!quantization.bits_vary) return quantization.bits;
    QS_ASSIGN(const auto tensor, find(tensors, name + ".qweight"));
    for (const int bits : {2, 3, 4, 8})
        if (tensor.shape.size() == 2 && tensor.shape[0] == columns * bits / 32) return bits;
    return failure("'" + name + ".qweight' has the shape " + shapeText(tensor.shape) +
                   ", which fits no width of 2, 3, 4 or 8 bits");
}

Status checkScales(PackedLinear& linear, const StoredTensors& tensors) {
    const auto name = linear.name + ".scales";
    QS_ASSIGN(linear.scales, find(tensors, name));
    const auto& scales = linear.scales;
    if (scales.dtype != DType::f16 && scales.dtype != DType::bf16 && scales.dtype != DType::f32)
        return failure("'" + name + "' holds " + std::string(dtypeName(scales.dtype)) +
                       " where scales are F16, BF16 or F32");
    if (scales.shape.size() != 2 || scales.shape[1] != linear.rows || scales.shape[0] < 1 ||
        scales.shape[0] > linear.columns)
        return failure("'" + name + "' has the shape " + shapeText(scales.shape) + " where groups x " +
                       std::to_string(linear.rows) + " is needed");
    linear.groups = scales.shape[0];
    const std::size_t width = scales.dtype == DType::f32 ? 4 : 2;
    if (scales.byte_count != static_cast<std::size_t>(linear.groups * linear.rows) * width)
        return failure("'" + name + "' holds fewer bytes than its shape says");
    return {};
}

/// Groups of consecutive columns, as many as there are scales.
Status setConsecutiveGroups(PackedLinear& linear, std::int64_t group_size) {
    const auto size = group_size < 0 ? linear.columns : group_size;
    if ((linear.columns + size - 1) / size != linear.groups)
        return failure("'" + linear.name + ".scales' has " + std::to_string(linear.groups) +
                       " groups where groups of " + std::to_string(size) + " columns make " +
                       std::to_string((linear.columns + size - 1) / size));
    linear.group_size = size;
    linear.group_index.resize(static_cast<std::size_t>(linear.columns));
    for (std::int64_t column = 0; column < linear.columns; ++column)
        linear.group_index[static_cast<std::size_t>(column)] = static_cast<std::int32_t>(column / size);
    return {};
}

Status readGroupIndex(PackedLinear& linear, const StoredTensors& tensors) {
    const auto name = linear.name + ".g_idx";
    QS_ASSIGN(const auto tensor, findWords(tensors, name, {linear.columns}));
    linear.group_index.resize(static_cast<std::size_t>(linear.columns));
    std::memcpy(linear.group_index.data(), tensor.bytes().data(), tensor.byte_count);
    for (const auto group : linear.group_index)
        if (group < 0 || group >= linear.groups)
            return failure("'" + name + "' names group " + std::to_string(group) + " where there are " +
                           std::to_string(linear.groups));
    return {};
}

std::uint32_t word(std::span<const std::byte> bytes, std::int64_t index) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + 4 * index, 4);
    return value;
}

/// Field `index` of `bits` bits in a stream whose words lie `stride` words apart from `start` on.
std::uint32_t streamField(std::span<const std::byte> bytes, std::int64_t start, std::int64_t stride, std::int64_t index,
                          int bits) {
    const auto position = index * bits;
    const auto shift = static_cast<int>(position % 32);
    std::uint64_t value = word(bytes, start + position / 32 * stride);
    if (shift + bits > 32) value |= static_cast<std::uint64_t>(word(bytes, start + (position / 32 + 1) * stride)) << 32;
    return static_cast<std::uint32_t>(value >> shift) & ((1U << bits) - 1U);
}

std::uint32_t awqField(std::span<const std::byte> bytes, std::int64_t rows, std::int64_t line, std::int64_t row) {
    return word(bytes, line * (rows / 8) + row / 8) >> (4 * kNibbleOfOutput[static_cast<std::size_t>(row % 8)]) & 15U;
}

float zeroPoint(const PackedLinear& linear, std::int64_t group, std::int64_t row) {
    if (linear.layout == Layout::awq)
        return static_cast<float>(awqField(linear.zero_points.bytes(), linear.rows, group, row));
    const auto line = linear.rows * linear.bits / 32;
    const auto stored = streamField(linear.zero_points.bytes(), group * line, 1, row, linear.bits);
    // v1 stores z - 1 in the field: all ones is a zero point of 0
    const auto mask = (1U << linear.bits) - 1U;
    return static_cast<float>(linear.zero_points_minus_one ? (stored + 1U) & mask : stored);
}

}  // namespace

Result<PackedLinear> findPackedLinear(const StoredTensors& tensors, const CheckpointQuantization& quantization,
                                      const std::string& name, std::int64_t rows, std::int64_t columns) {
    PackedLinear linear;
    linear.name = name;
    linear.rows = rows;
    linear.columns = columns;
    linear.layout = quantization.layout;
    linear.zero_points_minus_one = quantization.zero_points_minus_one;
    QS_TRY(checkScales(linear, tensors));
    if (linear.layout == Layout::awq) {
        if (rows % 8 != 0)
            return failure("'" + name + "' has " + std::to_string(rows) + " outputs, which AWQ cannot pack");
        linear.bits = 4;
        QS_ASSIGN(const auto codes, findWords(tensors, name + ".qweight", {columns, rows / 8}));
        QS_ASSIGN(const auto zeros, findWords(tensors, name + ".qzeros", {linear.groups, rows / 8}));
        linear.codes = codes;
        linear.zero_points = zeros;
        QS_TRY(setConsecutiveGroups(linear, quantization.group_size));
        return linear;
    }
    QS_ASSIGN(linear.bits, widthOf(tensors, quantization, name, columns));
    if (columns * linear.bits % 32 != 0 || rows * linear.bits % 32 != 0)
        return failure("'" + name + "' is " + std::to_string(rows) + " x " + std::to_string(columns) +
                       ", which GPTQ cannot pack");
    QS_ASSIGN(const auto codes, findWords(tensors, name + ".qweight", {columns * linear.bits / 32, rows}));
    QS_ASSIGN(const auto zeros, findWords(tensors, name + ".qzeros", {linear.groups, rows * linear.bits / 32}));
    linear.codes = codes;
    linear.zero_points = zeros;
    if (tensors.contains(name + ".g_idx"))
        QS_TRY(readGroupIndex(linear, tensors));
    else
        QS_TRY(setConsecutiveGroups(linear, quantization.group_size));
    return linear;
}

Status dequantizeRows(const PackedLinear& linear, std::int64_t first, std::int64_t count, std::span<float> values) {
    if (first < 0 || count < 0 || count > linear.rows || first > linear.rows - count ||
        values.size() != static_cast<std::size_t>(count * linear.columns))
        return failure("rows outside '" + linear.name + "' were asked for");
    constexpr std::int64_t kTile = 16;  // outputs side by side share a cache line of GPTQ words
    const auto rows = linear.rows;
    std::vector<float> scales(static_cast<std::size_t>(linear.groups * rows));
    QS_TRY(linear.codes.map->checkUnchanged());
    QS_TRY(linear.scales.map->checkUnchanged());
    QS_TRY(linear.zero_points.map->checkUnchanged());
    QS_TRY(convertToFloat(linear.scales.dtype, linear.scales.bytes(), 0, scales));
    const auto codes = linear.codes.bytes();
    std::vector<float> zeros(scales.size());
    for (std::int64_t group = 0; group < linear.groups; ++group)
        for (std::int64_t row = first; row < first + count; ++row)
            zeros[static_cast<std::size_t>(group * rows + row)] = zeroPoint(linear, group, row);
    for (std::int64_t tile = first; tile < first + count; tile += kTile)
        for (std::int64_t column = 0; column < linear.columns; ++column) {
            const auto line = linear.group_index[static_cast<std::size_t>(column)] * rows;
            for (std::int64_t row = tile; row < std::min(tile + kTile, first + count); ++row) {
                const auto code = linear.layout == Layout::awq ? awqField(codes, rows, column, row)
                                                               : streamField(codes, row, rows, column, linear.bits);
                const auto grid = static_cast<std::size_t>(line + row);
                values[static_cast<std::size_t>((row - first) * linear.columns + column)] =
                    scales[grid] * (static_cast<float>(code) - zeros[grid]);
            }
        }
    return {};
}

}  // namespace quantoscope
