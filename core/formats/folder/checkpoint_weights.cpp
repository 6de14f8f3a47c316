#include "core/formats/folder/checkpoint_weights.h"

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
    return weightsFromStored(checkpoint.config, std::move(checkpoint.tensors), dtype, checkpoint.folder);
}

}  // namespace quantoscope
