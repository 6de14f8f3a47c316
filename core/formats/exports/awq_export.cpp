#include "core/formats/exports/awq_export.h"

#include <algorithm>

#include "core/formats/exports/bit_packing.h"
#include "core/formats/exports/folder/checkpoint_writer.h"
#include "core/formats/exports/folder/export_folder.h"
#include "core/formats/exports/folder/side_files.h"
#include "core/formats/exports/packed_export.h"
#include "core/formats/exports/verify/written_checkpoint.h"

namespace quantoscope::exports {
namespace {

constexpr int kFieldBits = 4;  // narrower codes use the low part of a field

Status checkBits(std::int64_t bits) {
    if (bits <= kFieldBits) return {};
    return failure("AWQ files hold up to 4 bits; this result has " + std::to_string(bits) +
                   (bits == 8 ? ", so use the GPTQ format" : ", so use the fake-quant format"));
}

/// The same for linears with bits of their own: the GPTQ format is no way out for those.
Status checkOwnBits(std::int64_t bits) {
    if (bits <= kFieldBits) return {};
    return failure("AWQ files hold up to 4 bits, but some linears of this result have " + std::to_string(bits) +
                   "; use the fake-quant format");
}

Status checkLinear(const QuantizedTensor& tensor, const std::string& name) {
    QS_TRY(checkBits(tensor.bits));
    if (isActOrder(tensor))
        return failure("'" + name +
                       "' was quantized in activation order, which AWQ files have no index for; choose static "
                       "groups or the GPTQ format");
    if (tensor.group_size < tensor.columns && tensor.columns % tensor.group_size != 0)
        return failure("'" + name + "' has " + std::to_string(tensor.columns) + " inputs, which groups of " +
                       std::to_string(tensor.group_size) +
                       " do not divide as AWQ asks; choose another group size or the GPTQ format");
    if (tensor.rows % 8 != 0)
        return failure("'" + name + "' has " + std::to_string(tensor.rows) +
                       " outputs; AWQ packs outputs by eight, so use the fake-quant format");
    QS_TRY(zeroPointCodes(tensor, (1 << kFieldBits) - 1, name));
    QS_TRY(halfScales(tensor, name));
    return {};
}

/// Linears narrower than the group size make one short group, which AWQ readers do not expect either.
Status checkLayout(const QuantizedBlock& block, const GroupLayout& layout, std::int64_t index) {
    for (const auto role : kLinearRoles) {
        const auto& tensor = *block.linears[static_cast<std::size_t>(role)];
        QS_TRY(checkLinear(tensor, linearPath(index, role)));
        if (layout.group_size > 0 && tensor.columns % layout.group_size != 0)
            return failure("'" + linearPath(index, role) + "' has " + std::to_string(tensor.columns) +
                           " inputs, fewer than the group size " + std::to_string(layout.group_size) +
                           "; choose a group size that divides them or the GPTQ format");
    }
    return {};
}

void addLinear(std::vector<TensorToWrite>& tensors, const PackedModel& packed, std::int64_t block, LinearRole role) {
    const auto& config = packed.model->config();
    const auto rows = linearRows(config, role);
    const auto columns = linearColumns(config, role);
    const auto groups = packed.layout.group_size < 0 ? 1 : columns / packed.layout.group_size;
    tensors.push_back(
        packedTensor(packed.model, block, role, ".qweight", DType::i32, {columns, rows / 8},
                     [](const QuantizedTensor& tensor, const std::string&) -> Result<std::vector<std::byte>> {
                         return wordBytes(packInterleaved(tensor.codes, tensor.rows, tensor.columns));
                     }));
    tensors.push_back(
        packedTensor(packed.model, block, role, ".qzeros", DType::i32, {groups, rows / 8},
                     [](const QuantizedTensor& tensor, const std::string& name) -> Result<std::vector<std::byte>> {
                         QS_ASSIGN(const auto zeros, zeroPointCodes(tensor, (1 << kFieldBits) - 1, name));
                         return wordBytes(packInterleaved(zeros, tensor.rows, tensor.groupCount()));
                     }));
    tensors.push_back(
        packedTensor(packed.model, block, role, ".scales", DType::f16, {groups, rows},
                     [](const QuantizedTensor& tensor, const std::string& name) -> Result<std::vector<std::byte>> {
                         QS_ASSIGN(const auto halves, halfScales(tensor, name));
                         return halfBytes(halves);
                     }));
}

/// Every module that stays dense, in the spellings under which loaders look: some match from the start of a name, some
/// anywhere. Nothing for text models, whose heads loaders leave alone by themselves.
OrderedJson denseModules(const ModelFiles& model) {
    if (!hasVision(model)) return nullptr;
    OrderedJson modules{"vision_tower", "model.vision_tower", "multi_modal_projector", "model.multi_modal_projector"};
    const auto original = [](const TensorInfo& tensor) { return tensor.name.starts_with("model.mm_projector."); };
    if (std::ranges::any_of(model.tensors(), original)) modules.push_back("model.mm_projector");
    modules.push_back("lm_head");
    return modules;
}

OrderedJson quantizationConfig(const GroupLayout& layout, const ModelFiles& model) {
    OrderedJson config;
    config["quant_method"] = "awq";
    config["version"] = "gemm";
    config["bits"] = kFieldBits;
    config["group_size"] = layout.group_size;
    config["zero_point"] = true;
    config["modules_to_not_convert"] = denseModules(model);
    return config;
}

/// The spelling of old tools.
OrderedJson oldQuantizationConfig(const GroupLayout& layout, const ModelFiles& model) {
    OrderedJson config;
    config["zero_point"] = true;
    config["q_group_size"] = layout.group_size;
    config["w_bit"] = kFieldBits;
    config["version"] = "GEMM";
    config["modules_to_not_convert"] = denseModules(model);
    return config;
}

std::vector<std::string> notesFor(const GroupLayout& layout, bool mixed) {
    auto notes = layoutNotes(layout);
    if (layout.bits < kFieldBits || layout.mixed_bits || mixed)
        notes.push_back("codes of " +
                        (layout.mixed_bits || mixed ? std::string("mixed") : std::to_string(layout.bits)) +
                        " bits are stored in 4-bit fields: same weights, size of a 4-bit checkpoint");
    if (layout.symmetric)
        notes.push_back("the symmetric result is stored with its zero point in the middle (zero_point true)");
    if (layout.group_size > 0 && layout.group_size != 32 && layout.group_size != 64 && layout.group_size != 128)
        notes.push_back("GPU kernels are built for groups of 32, 64 or 128 columns; this file has " +
                        std::to_string(layout.group_size));
    return notes;
}

Status checkAwq(const ExportSource& source) {
    if (const auto bits = optionBits(source); bits != 0) QS_TRY(checkBits(bits));
    QS_TRY(checkLayerBits(source, Widths::several, checkOwnBits));
    if (!source.block) return {};
    const auto packed = openPacked(source, Widths::several, checkLayout);
    if (!packed) return std::unexpected(packed.error());
    return {};
}

Result<ExportReport> writeAwq(const ExportSource& source, const std::filesystem::path& folder,
                              const OptionValues& given, JobContext& job) {
    QS_ASSIGN(const auto options, completeOptions(awqFormat().options, given));
    QS_TRY(checkTarget(folder));
    QS_ASSIGN(const auto packed, openPacked(source, Widths::several, checkLayout));
    QS_ASSIGN(const auto dense, chooseDenseTypes(*packed.model, job.part(0.0, 0.05)));
    QS_ASSIGN(auto config, configWithDType(*packed.model, "float16"));
    config["torch_dtype"] = "float16";
    config["quantization_config"] = quantizationConfig(packed.layout, *source.model);
    addOldRopeSpelling(config);
    CheckpointToWrite checkpoint;
    checkpoint.texts = {{"config.json", jsonText(config)},
                        {"quant_config.json", jsonText(oldQuantizationConfig(packed.layout, *source.model))}};
    for (const auto& stored : dense) checkpoint.tensors.push_back(writeDense(packed.model, stored, job));
    for (std::int64_t block = 0; block < packed.model->config().block_count; ++block)
        for (const auto role : kLinearRoles) addLinear(checkpoint.tensors, packed, block, role);
    checkpoint.notes = notesFor(packed.layout, !source.layer_bits.empty());
    std::ranges::copy(roundingNotes(dense), std::back_inserter(checkpoint.notes));
    checkpoint.shard_bytes = shardBytes(options);
    checkpoint.verify = [&](const std::filesystem::path& written, const JobContext& verify_job) -> Status {
        QS_ASSIGN(const auto files, WrittenCheckpoint::open(written, *packed.model));
        QS_TRY(verifyDense(files, *packed.model, dense, verify_job));
        return verifyAwq(files, *packed.model, verify_job);
    };
    return writeCheckpoint(*packed.model, std::move(checkpoint), folder, job.part(0.05, 1.0));
}

}  // namespace

FormatDescription awqFormat() {
    FormatDescription format;
    format.id = "awq";
    format.label = "AWQ checkpoint (GEMM)";
    format.summary =
        "4-bit codes in groups for vLLM, transformers, AutoAWQ and GPTQModel; holds any result of up to 4 bits without "
        "act-order.";
    format.options = {shardSizeOption(20'000)};
    format.check = checkAwq;
    format.write = writeAwq;
    return format;
}

}  // namespace quantoscope::exports
