#include "core/formats/exports/packed_export.h"

#include <cstring>
#include <optional>

namespace quantoscope::exports {
namespace {

Status sameLayout(const GroupLayout& first, GroupLayout layout, Widths widths, std::int64_t index) {
    if (widths == Widths::several) layout.bits = first.bits;
    layout.half_scales = first.half_scales;  // rounding is per tensor and not part of the format
    layout.mixed_bits = first.mixed_bits;
    if (layout == first) return {};
    return failure("block " + std::to_string(index) +
                   " was quantized with other bits, groups or symmetry than block 0; use the fake-quant format");
}

}  // namespace

Status checkLayerBits(const ExportSource& source, Widths widths,
                      const std::function<Status(std::int64_t bits)>& check_bits) {
    const auto standard = optionBits(source);
    for (const auto& rule : source.layer_bits) {
        const auto text = layerBitsText(rule);
        if (rule.bits == LayerBitsRule::kSkip)
            return failure("'" + text +
                           "' leaves linears unquantized, which this format cannot say; use the fake-quant format");
        if (widths == Widths::one && rule.bits != standard)
            return failure("'" + text + "' gives linears other bits than the " + std::to_string(standard) +
                           " of the rest, but this format has one width; use the fake-quant format, or AWQ where no "
                           "linear has more than 4 bits");
        QS_TRY(check_bits(rule.bits));
    }
    return {};
}

Result<PackedModel> openPacked(const ExportSource& source, Widths widths, const LayoutCheck& check) {
    const auto first = std::make_shared<std::optional<GroupLayout>>();
    const auto block_check = [first, widths, check](const ExportModel& model, const QuantizedBlock& block,
                                                    std::int64_t index) -> Status {
        QS_TRY(checkBlock(model, block, index));
        QS_ASSIGN(const auto layout, groupLayout(block, index));
        if (!*first) *first = layout;
        QS_TRY(check(block, layout, index));
        return sameLayout(**first, layout, widths, index);
    };
    QS_ASSIGN(auto model, ExportModel::open(source, block_check));
    QS_TRY(model->block(0));
    return PackedModel{std::move(model), **first};
}

TensorToWrite packedTensor(
    const std::shared_ptr<ExportModel>& model, std::int64_t block, LinearRole role, const std::string& suffix,
    DType dtype, std::vector<std::int64_t> shape,
    std::function<Result<std::vector<std::byte>>(const QuantizedTensor&, const std::string&)> bytes) {
    const auto name = linearPath(block, role);
    return {name + suffix, dtype, std::move(shape),
            [model, block, role, name, bytes = std::move(bytes)]() -> Result<std::vector<std::byte>> {
                QS_ASSIGN(const auto* tensor, model->linear(block, role));
                return bytes(*tensor, name);
            }};
}

std::vector<std::byte> halfBytes(const std::vector<std::uint16_t>& halves) {
    std::vector<std::byte> bytes(halves.size() * 2);
    if (!bytes.empty()) std::memcpy(bytes.data(), halves.data(), bytes.size());
    return bytes;
}

std::int64_t optionBits(const ExportSource& source) {
    const auto found = source.method_options.find("bits");
    if (found == source.method_options.end() || !std::holds_alternative<std::int64_t>(found->second)) return 0;
    return std::get<std::int64_t>(found->second);
}

std::vector<std::string> layoutNotes(const GroupLayout& layout) {
    if (layout.half_scales) return {};
    std::string note =
        "scales were rounded to float16, which moves weights by up to 0.05 %; quantize with --scale-dtype ";
    note += "float16 for an exact export";
    return {note};
}

}  // namespace quantoscope::exports
