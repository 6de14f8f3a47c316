#include "core/formats/exports/gptq_export.h"

#include <algorithm>
#include <cstring>

#include "core/base/option_rows.h"
#include "core/formats/exports/bit_packing.h"
#include "core/formats/exports/folder/checkpoint_writer.h"
#include "core/formats/exports/folder/export_folder.h"
#include "core/formats/exports/folder/side_files.h"
#include "core/formats/exports/packed_export.h"
#include "core/formats/exports/verify/written_checkpoint.h"

namespace quantoscope::exports {
namespace {

Status checkBits(std::int64_t bits) {
    if (bits == 2 || bits == 3 || bits == 4 || bits == 8) return {};
    return failure("GPTQ files hold 2, 3, 4 or 8 bits; this result has " + std::to_string(bits) +
                   ", so use the fake-quant format");
}

/// Readers that sort by group take it that every group has the same number of columns.
Status checkEqualGroups(const QuantizedTensor& tensor, const std::string& name) {
    std::vector<std::int64_t> members(static_cast<std::size_t>(tensor.groupCount()));
    for (const auto group : groupOfColumns(tensor)) ++members[static_cast<std::size_t>(group)];
    if (std::ranges::all_of(members, [&](std::int64_t count) { return count == members.front(); })) return {};
    return failure("act-order groups of '" + name +
                   "' have unequal sizes, which GPTQ readers do not load; choose a group size that divides " +
                   std::to_string(tensor.columns) + " or static groups");
}

Status checkFused(const QuantizedBlock& block, std::int64_t index, std::initializer_list<LinearRole> roles) {
    const auto& first = *block.linears[static_cast<std::size_t>(*roles.begin())];
    for (const auto role : roles)
        if (groupOfColumns(*block.linears[static_cast<std::size_t>(role)]) != groupOfColumns(first))
            return failure("act-order put the columns of '" + linearPath(index, role) + "' and '" +
                           linearPath(index, *roles.begin()) +
                           "' into different groups, but readers that fuse them keep one order; choose static groups");
    return {};
}

Status checkActOrder(const QuantizedBlock& block, std::int64_t index) {
    for (const auto role : kLinearRoles)
        QS_TRY(checkEqualGroups(*block.linears[static_cast<std::size_t>(role)], linearPath(index, role)));
    QS_TRY(checkFused(block, index, {LinearRole::q_proj, LinearRole::k_proj, LinearRole::v_proj}));
    return checkFused(block, index, {LinearRole::gate_proj, LinearRole::up_proj});
}

Status checkLayout(const QuantizedBlock& block, const GroupLayout& layout, std::int64_t index) {
    QS_TRY(checkBits(layout.bits));
    for (const auto role : kLinearRoles) {
        const auto& tensor = *block.linears[static_cast<std::size_t>(role)];
        const auto name = linearPath(index, role);
        if (tensor.bits != layout.bits)
            return failure("'" + name + "' has " + std::to_string(tensor.bits) + " bits beside " +
                           std::to_string(layout.bits) +
                           "; GPTQ files have one width, use the AWQ or fake-quant format");
        if (tensor.columns % 32 != 0)
            return failure("'" + name + "' has " + std::to_string(tensor.columns) +
                           " inputs; GPTQ packs inputs in multiples of 32, so use the fake-quant format");
        if (tensor.rows % 32 != 0)
            return failure("'" + name + "' has " + std::to_string(tensor.rows) +
                           " outputs; GPTQ packs outputs in multiples of 32, so use the fake-quant format");
        QS_TRY(zeroPointCodes(tensor, (1 << layout.bits) - 1, name));
        QS_TRY(halfScales(tensor, name));
    }
    if (layout.act_order) return checkActOrder(block, index);
    return {};
}

/// How zero points are stored: v1 holds them minus one, so a zero point of 0 cannot be written.
struct Convention {
    int bits;
    bool minus_one;
};

Result<std::vector<std::byte>> zeroPointWords(const QuantizedTensor& tensor, const std::string& name,
                                              Convention convention) {
    QS_ASSIGN(auto codes, zeroPointCodes(tensor, (1 << convention.bits) - 1, name));
    if (convention.minus_one)
        for (auto& code : codes) {
            if (code == 0)
                return failure("'" + name +
                               "' has a zero point of 0, which a v1 GPTQ file cannot hold; choose gptq_v2");
            --code;
        }
    return wordBytes(packAlongOutputs(codes, tensor.rows, tensor.groupCount(), convention.bits));
}

void addLinear(std::vector<TensorToWrite>& tensors, const PackedModel& packed, std::int64_t block, LinearRole role,
               Convention convention) {
    const auto& config = packed.model->config();
    const auto rows = linearRows(config, role);
    const auto columns = linearColumns(config, role);
    const auto size = packed.layout.group_size < 0 ? columns : packed.layout.group_size;
    const auto groups = (columns + size - 1) / size;
    const int bits = convention.bits;
    tensors.push_back(
        packedTensor(packed.model, block, role, ".qweight", DType::i32, {columns * bits / 32, rows},
                     [bits](const QuantizedTensor& tensor, const std::string&) -> Result<std::vector<std::byte>> {
                         return wordBytes(packAlongInputs(tensor.codes, tensor.rows, tensor.columns, bits));
                     }));
    tensors.push_back(packedTensor(packed.model, block, role, ".qzeros", DType::i32, {groups, rows * bits / 32},
                                   [convention](const QuantizedTensor& tensor, const std::string& name) {
                                       return zeroPointWords(tensor, name, convention);
                                   }));
    tensors.push_back(
        packedTensor(packed.model, block, role, ".scales", DType::f16, {groups, rows},
                     [](const QuantizedTensor& tensor, const std::string& name) -> Result<std::vector<std::byte>> {
                         QS_ASSIGN(const auto halves, halfScales(tensor, name));
                         return halfBytes(halves);
                     }));
    tensors.push_back(
        packedTensor(packed.model, block, role, ".g_idx", DType::i32, {columns},
                     [](const QuantizedTensor& tensor, const std::string&) -> Result<std::vector<std::byte>> {
                         const auto index = groupOfColumns(tensor);
                         std::vector<std::byte> bytes(index.size() * 4);
                         std::memcpy(bytes.data(), index.data(), bytes.size());
                         return bytes;
                     }));
}

bool optionIs(const OptionValues& options, std::string_view id, bool otherwise) {
    const auto found = options.find(id);
    const bool known = found != options.end() && std::holds_alternative<bool>(found->second);
    return known ? std::get<bool>(found->second) : otherwise;
}

double damping(const OptionValues& options) {
    const auto found = options.find("damp_percent");
    const bool known = found != options.end() && std::holds_alternative<double>(found->second);
    const double value = known ? std::get<double>(found->second) : 0.01;
    return value > 0.0 && value < 1.0 ? value : 0.01;  // readers refuse anything else, and do not use it
}

OrderedJson quantizationConfig(const ExportSource& source, const GroupLayout& layout, bool minus_one) {
    OrderedJson config;
    config["bits"] = layout.bits;
    config["group_size"] = layout.group_size;
    config["desc_act"] = layout.act_order;
    config["sym"] = layout.symmetric;
    config["lm_head"] = false;
    config["true_sequential"] = optionIs(source.method_options, "true_sequential", true);
    config["damp_percent"] = damping(source.method_options);
    config["static_groups"] = optionIs(source.method_options, "static_groups", false);
    config["quant_method"] = "gptq";
    config["checkpoint_format"] = minus_one ? "gptq" : "gptq_v2";
    config["pack_dtype"] = "int32";
    if (hasVision(*source.model))  // "-:" leaves out what the pattern matches, for GPTQModel and vLLM
        config["dynamic"] = {{"-:.*vision_tower.*", OrderedJson::object()},
                             {"-:.*multi_modal_projector.*", OrderedJson::object()},
                             {"-:.*mm_projector.*", OrderedJson::object()}};
    config["meta"]["quantizer"] = {"quantoscope:" QUANTOSCOPE_VERSION};
    return config;
}

std::vector<std::string> notesFor(const GroupLayout& layout, bool minus_one) {
    auto notes = layoutNotes(layout);
    notes.push_back(minus_one ? "written as gptq (v1 zero points)" +
                                    std::string(layout.symmetric ? ": the result is symmetric" : "")
                              : "written as gptq_v2: zero points are stored as they are" +
                                    std::string(layout.symmetric ? "" : " because the result is asymmetric"));
    if (minus_one && !layout.symmetric)
        notes.push_back("GPTQModel refuses asymmetric v1 files; AutoGPTQ readers load them");
    if (!layout.symmetric || (layout.bits != 4 && layout.bits != 8))
        notes.push_back("recent vLLM releases load only symmetric 4- and 8-bit GPTQ files");
    if (layout.short_group)
        notes.push_back(
            "the last group of some linears is shorter than group_size: GPTQModel loads that, vLLM does not");
    return notes;
}

bool storesMinusOne(const GroupLayout& layout, const std::string& wanted) {
    return wanted == "gptq" || (wanted == "auto" && layout.symmetric);
}

Status checkGptq(const ExportSource& source) {
    if (const auto bits = optionBits(source); bits != 0) QS_TRY(checkBits(bits));
    QS_TRY(checkLayerBits(source, Widths::one, checkBits));
    if (!source.block) return {};
    const auto packed = openPacked(source, Widths::one, checkLayout);
    if (!packed) return std::unexpected(packed.error());
    return {};
}

Result<ExportReport> writeGptq(const ExportSource& source, const std::filesystem::path& folder,
                               const OptionValues& given, JobContext& job) {
    QS_ASSIGN(const auto options, completeOptions(gptqFormat().options, given));
    QS_TRY(checkTarget(folder));
    QS_ASSIGN(const auto packed, openPacked(source, Widths::one, checkLayout));
    const bool minus_one = storesMinusOne(packed.layout, textOption(options, "checkpoint_format"));
    QS_ASSIGN(const auto dense, chooseDenseTypes(*packed.model, job.part(0.0, 0.05)));
    QS_ASSIGN(auto config, configWithDType(*packed.model, "float16"));
    const auto quantization = quantizationConfig(source, packed.layout, minus_one);
    config["torch_dtype"] = "float16";  // also beside a newer "dtype": scales keep their bits only so
    config["quantization_config"] = quantization;
    addOldRopeSpelling(config);
    CheckpointToWrite checkpoint;
    checkpoint.texts = {{"config.json", jsonText(config)}, {"quantize_config.json", jsonText(quantization)}};
    for (const auto& stored : dense) checkpoint.tensors.push_back(writeDense(packed.model, stored, job));
    for (std::int64_t block = 0; block < packed.model->config().block_count; ++block)
        for (const auto role : kLinearRoles)
            addLinear(checkpoint.tensors, packed, block, role, {packed.layout.bits, minus_one});
    checkpoint.notes = notesFor(packed.layout, minus_one);
    std::ranges::copy(roundingNotes(dense), std::back_inserter(checkpoint.notes));
    checkpoint.shard_bytes = shardBytes(options);
    checkpoint.verify = [&](const std::filesystem::path& written, const JobContext& verify_job) -> Status {
        QS_ASSIGN(const auto files, WrittenCheckpoint::open(written, *packed.model));
        QS_TRY(verifyDense(files, *packed.model, dense, verify_job));
        return verifyGptq(files, *packed.model, packed.layout.bits, minus_one, verify_job);
    };
    return writeCheckpoint(*packed.model, std::move(checkpoint), folder, job.part(0.05, 1.0));
}

}  // namespace

FormatDescription gptqFormat() {
    FormatDescription format;
    format.id = "gptq";
    format.label = "GPTQ checkpoint";
    format.summary =
        "Packed 2-, 3-, 4- or 8-bit codes for GPTQModel, AutoGPTQ and transformers; symmetric 4 and 8 bits also for "
        "vLLM.";
    format.options = {
        choiceOptionRow("checkpoint_format", "Zero points", "auto", {"auto", "gptq", "gptq_v2"},
                        "gptq stores zero points minus one (every reader), gptq_v2 as they are; auto takes gptq for "
                        "symmetric results."),
        shardSizeOption(20'000)};
    format.check = checkGptq;
    format.write = writeGptq;
    return format;
}

}  // namespace quantoscope::exports
