#include "core/formats/folder/checkpoint_weights.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/formats/quantized_checkpoint.h"
#include "core/formats/strict_json.h"

namespace quantoscope {

std::string quantMethod(const std::string& config_json) {
    const auto tree = parseStrictJson(config_json, "config.json");
    if (!tree || !tree->is_object()) return {};
    const auto found = tree->find("quantization_config");
    if (found == tree->end() || !found->is_object()) return {};
    const auto method = found->find("quant_method");
    return method != found->end() && method->is_string() ? method->get<std::string>() : "unknown";
}

Result<std::shared_ptr<const WeightSource>> openCheckpointWeights(Checkpoint checkpoint, WeightDType dtype) {
    QS_ASSIGN(const auto quantization, checkpointQuantization(checkpoint.config_json, checkpoint.folder));
    if (quantization)
        return quantizedWeightsFromStored(checkpoint.config, *quantization, std::move(checkpoint.tensors), dtype,
                                          checkpoint.folder);
    // A dequantized checkpoint of ours holds a quantizer's outputs: rounding them again would measure something else.
    std::error_code error;
    const bool is_fake_quant = std::filesystem::exists(checkpoint.folder / "fake_quant_report.json", error);
    return weightsFromStored(checkpoint.config, std::move(checkpoint.tensors),
                             is_fake_quant ? WeightDType::source : dtype, checkpoint.folder);
}

}  // namespace quantoscope
