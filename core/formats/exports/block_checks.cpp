#include "core/formats/exports/block_checks.h"

#include <algorithm>
#include <cmath>

#include "core/formats/exports/rounding.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope::exports {
namespace {

const QuantizedTensor* find(const QuantizedBlock& block, LinearRole role) {
    const auto& tensor = block.linears[static_cast<std::size_t>(role)];
    return tensor ? &*tensor : nullptr;
}

Status checkShape(const ModelConfig& config, const QuantizedTensor& tensor, std::int64_t block, LinearRole role) {
    const auto name = linearPath(block, role);
    const auto rows = linearRows(config, role);
    const auto columns = linearColumns(config, role);
    if (tensor.rows != rows || tensor.columns != columns)
        return failure("the codes of '" + name + "' are " + std::to_string(tensor.rows) + " x " +
                       std::to_string(tensor.columns) + " where the model has " + std::to_string(rows) + " x " +
                       std::to_string(columns) + "; they belong to another model");
    return tensor.validate(name);
}

/// The input scale shared by linears of one site, or an error when they disagree.
Result<std::vector<float>> siteScale(const QuantizedBlock& block, std::int64_t index, InputSite site) {
    const QuantizedTensor* first = nullptr;
    std::size_t scaled = 0;
    std::size_t members = 0;
    for (const auto role : kLinearRoles) {
        if (inputSite(role) != site) continue;
        ++members;
        const auto* tensor = find(block, role);
        if (tensor == nullptr || tensor->input_scale.empty()) continue;
        ++scaled;
        if (first == nullptr) first = tensor;
        if (tensor->input_scale != first->input_scale)
            return failure("'" + linearPath(index, role) + "' has other input scales than the linears beside it");
    }
    if (first == nullptr) return std::vector<float>{};
    if (scaled != members)
        return failure("input scales of block " + std::to_string(index) +
                       " are folded into some linears of a norm only");
    return first->input_scale;
}

Status checkNorm(const ExportModel& model, const QuantizedBlock& block, std::int64_t index, InputSite site,
                 const std::string& name) {
    QS_ASSIGN(const auto scale, siteScale(block, index, site));
    const auto changed = block.vectors.find(name);
    if (scale.empty()) return {};
    if (changed == block.vectors.end())
        return failure("scales were folded out of '" + name + "' but its new values are missing from the result");
    QS_ASSIGN(const auto original, model.weights().readVector(name));
    if (changed->second.size() != original.size() || scale.size() != original.size())
        return failure("the folded values of '" + name + "' have another length than the model's");
    for (std::size_t i = 0; i < original.size(); ++i)
        if (!(std::fabs(changed->second[i] * scale[i] - original[i]) <= 0.01F * std::fabs(original[i]) + 1e-6F))
            return failure("the folded value " + std::to_string(i) + " of '" + name + "' does not take back its scale");
    return {};
}

/// `second`'s columns were multiplied by what `first`'s rows were divided by.
Status checkPair(const QuantizedBlock& block, std::int64_t index, LinearRole first, LinearRole second) {
    const auto* before = find(block, first);
    const auto* after = find(block, second);
    const bool divided = before != nullptr && !before->output_scale.empty();
    const bool multiplied = after != nullptr && !after->input_scale.empty();
    if (!divided && !multiplied) return {};
    if (!divided || !multiplied || before->output_scale != after->input_scale)
        return failure("the scales of '" + linearPath(index, first) + "' and '" + linearPath(index, second) +
                       "' do not cancel");
    return {};
}

std::size_t asIndex(std::int64_t value) {
    return static_cast<std::size_t>(value);
}

bool symmetricZeroPoints(const QuantizedTensor& tensor) {
    const float middle = static_cast<float>(1 << (tensor.bits - 1));
    return std::ranges::all_of(tensor.zero_points.values, [&](float zero) { return zero == middle; });
}

bool scalesAreHalves(const QuantizedTensor& tensor) {
    return std::ranges::all_of(tensor.scales.values, isHalf);
}

bool groupIsZero(const QuantizedTensor& tensor, std::int64_t row, std::int64_t group) {
    for (std::int64_t column = 0; column < tensor.columns; ++column)
        if (tensor.groupOf(column) == group &&
            static_cast<float>(tensor.codes[asIndex(row * tensor.columns + column)]) !=
                tensor.zero_points.at(row, group))
            return false;
    return true;
}

std::string at(const std::string& name, std::int64_t row, std::int64_t group) {
    return "row " + std::to_string(row) + ", group " + std::to_string(group) + " of '" + name + "'";
}

}  // namespace

Status checkBlock(const ExportModel& model, const QuantizedBlock& block, std::int64_t index) {
    for (const auto role : kLinearRoles)
        if (const auto* tensor = find(block, role)) QS_TRY(checkShape(model.config(), *tensor, index, role));
    for (const auto& [name, values] : block.vectors) {
        if (name != inputNormName(index) && name != postAttentionNormName(index))
            return failure("'" + name + "' was changed by the method, but exports of block " + std::to_string(index) +
                           " know only its two norms");
        if (static_cast<std::int64_t>(values.size()) != model.config().hidden_size)
            return failure("the folded values of '" + name + "' have another length than the model's");
        if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); }))
            return failure("the folded values of '" + name + "' are not all finite");
    }
    QS_TRY(checkNorm(model, block, index, InputSite::attention_input, inputNormName(index)));
    QS_TRY(checkNorm(model, block, index, InputSite::mlp_input, postAttentionNormName(index)));
    QS_TRY(checkPair(block, index, LinearRole::v_proj, LinearRole::o_proj));
    return checkPair(block, index, LinearRole::up_proj, LinearRole::down_proj);
}

Result<GroupLayout> groupLayout(const QuantizedBlock& block, std::int64_t index) {
    GroupLayout layout;
    for (const auto role : kLinearRoles) {
        const auto* tensor = find(block, role);
        if (tensor == nullptr)
            return failure("'" + linearPath(index, role) +
                           "' was left unquantized, which this format cannot say; use the fake-quant format");
        layout.mixed_bits = layout.mixed_bits || (layout.bits != 0 && layout.bits != tensor->bits);
        layout.bits = std::max(layout.bits, tensor->bits);
        layout.act_order = layout.act_order || isActOrder(*tensor);
        layout.symmetric = layout.symmetric && symmetricZeroPoints(*tensor);
        layout.half_scales = layout.half_scales && scalesAreHalves(*tensor);
        if (tensor->group_size < tensor->columns) layout.group_size = std::max(layout.group_size, tensor->group_size);
    }
    for (const auto role : kLinearRoles) {
        const auto& tensor = *find(block, role);
        if (layout.group_size < 0) continue;
        const bool fits = tensor.group_size == layout.group_size ||
                          (tensor.group_size >= tensor.columns && tensor.columns <= layout.group_size);
        if (!fits)
            return failure("'" + linearPath(index, role) + "' has groups of " + std::to_string(tensor.group_size) +
                           " columns beside groups of " + std::to_string(layout.group_size) +
                           "; this format has one group size, use the fake-quant format");
        layout.short_group = layout.short_group || tensor.columns % layout.group_size != 0;
    }
    return layout;
}

bool isActOrder(const QuantizedTensor& tensor) {
    for (std::size_t column = 0; column < tensor.group_index.size(); ++column)
        if (tensor.group_index[column] != static_cast<std::int64_t>(column) / tensor.group_size) return true;
    return false;
}

std::vector<std::int32_t> groupOfColumns(const QuantizedTensor& tensor) {
    std::vector<std::int32_t> groups(asIndex(tensor.columns));
    for (std::int64_t column = 0; column < tensor.columns; ++column)
        groups[asIndex(column)] = static_cast<std::int32_t>(tensor.groupOf(column));
    return groups;
}

Result<std::vector<std::uint8_t>> zeroPointCodes(const QuantizedTensor& tensor, int highest, const std::string& name) {
    std::vector<std::uint8_t> codes(tensor.zero_points.values.size());
    for (std::size_t i = 0; i < codes.size(); ++i) {
        const float zero = tensor.zero_points.values[i];
        if (!(zero >= 0.0F && zero <= static_cast<float>(highest)) || zero != std::floor(zero)) {
            const auto position = static_cast<std::int64_t>(i);
            return failure("the zero point of " +
                           at(name, position / tensor.groupCount(), position % tensor.groupCount()) + " is " +
                           std::to_string(zero) + "; this format stores whole numbers from 0 to " +
                           std::to_string(highest));
        }
        codes[i] = static_cast<std::uint8_t>(zero);
    }
    return codes;
}

Result<std::vector<std::uint16_t>> halfScales(const QuantizedTensor& tensor, const std::string& name) {
    const auto groups = tensor.groupCount();
    std::vector<std::uint16_t> halves(tensor.scales.values.size());
    for (std::int64_t row = 0; row < tensor.rows; ++row)
        for (std::int64_t group = 0; group < groups; ++group) {
            auto half = kernels::floatToHalf(tensor.scales.at(row, group));
            if ((half & 0x7c00U) == 0x7c00U)
                return failure("the scale of " + at(name, row, group) + " is not finite in float16");
            if ((half & 0x7fffU) == 0) {
                if (!groupIsZero(tensor, row, group))
                    return failure(
                        "the scale of " + at(name, row, group) +
                        " becomes zero in float16; quantize with larger groups or use the fake-quant format");
                half = kernels::floatToHalf(kSmallestNormalHalf);
            }
            halves[asIndex(group * tensor.rows + row)] = half;
        }
    return halves;
}

}  // namespace quantoscope::exports
