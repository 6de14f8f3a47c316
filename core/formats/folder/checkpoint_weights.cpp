#include "core/formats/folder/checkpoint_weights.h"

#include <nlohmann/json.hpp>

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
    if (const auto method = quantMethod(checkpoint.config_json); !method.empty())
        return failure(
            "the checkpoint was quantized by '" + excerpt(method) + "', whose weights cannot be computed with here",
            checkpoint.folder.string());
    return weightsFromStored(checkpoint.config, std::move(checkpoint.tensors), dtype, checkpoint.folder);
}

}  // namespace quantoscope
