// What a solved block was made from, and what is said of a configuration when its last block is there.
#include <algorithm>

#include "core/base/sha256.h"
#include "core/model/language_model.h"
#include "core/pipeline/quantize_phase.h"

namespace quantoscope {
namespace {

constexpr double kUnquantizedBits = 16.0;

/// Hash of the nine tensors of a block as they are read.
Result<std::string> blockWeightsHash(const WeightSource& weights, std::int64_t block) {
    Sha256 hash;
    std::vector<std::string> names{inputNormName(block), postAttentionNormName(block)};
    for (const auto role : kLinearRoles) names.push_back(linearPath(block, role) + ".weight");
    for (const auto& name : names) {
        QS_ASSIGN(const auto values, weights.readVector(name));
        hash.add(std::as_bytes(std::span(values)));
    }
    return hash.hex();
}

bool tellsNothing(const MethodDescription& method, const std::string& id, const OptionValue& value) {
    const auto option = std::ranges::find(method.options, id, &OptionDescription::id);
    return option != method.options.end() && option->added_later && option->default_value == value;
}

std::string optionsText(const MethodDescription& method, const OptionValues& options) {
    std::string text;
    for (const auto& [id, value] : options)
        if (!tellsNothing(method, id, value)) text += id + "=" + optionText(value) + ";";
    return text;
}

}  // namespace

Result<std::string> QuantizePhase::provenance(const Work& work, std::int64_t block) {
    if (hashed_block_ != block) {
        QS_ASSIGN(block_hash_, blockWeightsHash(*inputs_.weights, block));
        hashed_block_ = block;
    }
    const auto& configuration = work.configuration;
    const auto rules = configuration.layer_bits.empty() ? "" : "|" + layerBitsText(configuration.layer_bits);
    return sha256Hex(inputs_.provenance + "|" + configuration.method + "|" +
                     optionsText(*work.method, configuration.options) + rules + "|" + std::to_string(block) + "|" +
                     block_hash_);
}

Status QuantizePhase::checkProvenance(const Work& work, std::int64_t block) {
    QS_ASSIGN(const auto wanted, provenance(work, block));
    QS_ASSIGN(const auto found, run_->blockProvenance(work.configuration.id, block));
    if (wanted == found) return {};
    return failure("block " + std::to_string(block) + " of " + work.configuration.id +
                       " was made from other weights, options or calibration data than this run would use; choose a "
                       "new run folder",
                   run_->path().string(), "provenance " + found + " instead of " + wanted);
}

Status QuantizePhase::finish(Work& work) {
    if (work.info.state == "done") return {};
    double bits = 0.0;
    double weights = 0.0;
    for (std::int64_t block = 0; block < work.info.block_count; ++block) {
        QS_ASSIGN(const auto record, run_->layerMetrics(work.configuration.id, block));
        for (const auto role : kLinearRoles)
            if (ruledBits(work.configuration.layer_bits, block, role) == LayerBitsRule::kSkip) {
                const auto& config = inputs_.weights->config();
                const auto count = static_cast<double>(linearRows(config, role) * linearColumns(config, role));
                bits += count * kUnquantizedBits;
                weights += count;
            }
        for (const auto& linear : record.linears) {
            const auto count = static_cast<double>(linear.rows * linear.columns);
            bits += count * linear.metrics.at("bits_per_weight");
            weights += count;
        }
    }
    work.info.bits_per_weight = weights > 0.0 ? bits / weights : 0.0;
    work.info.finished_blocks = work.info.block_count;
    work.info.state = "done";
    QS_TRY(run_->writeConfiguration(work.info));
    progress_.send({.kind = EventKind::configuration_finished, .configuration = work.configuration.id, .text = {}});
    return {};
}

}  // namespace quantoscope
