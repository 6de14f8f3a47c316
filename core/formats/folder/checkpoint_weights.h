// From a set of safetensors files and a config to weights: plain checkpoints, and the one place where quantized ones
// come in.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/formats/safetensors_file.h"
#include "core/formats/weights/stored_tensor.h"
#include "core/model/weight_source.h"

namespace quantoscope {

struct Checkpoint {
    std::filesystem::path folder;
    ModelConfig config;
    std::string config_json;  ///< the text of config.json, for quantization_config
    std::vector<std::shared_ptr<const SafetensorsFile>> shards;
    StoredTensors tensors;  ///< by canonical name
};

/// quantization_config.quant_method ("gptq", "awq"), "unknown" when it names none, empty when there is no
/// quantization_config.
std::string quantMethod(const std::string& config_json);

Result<std::shared_ptr<const WeightSource>> openCheckpointWeights(Checkpoint checkpoint, WeightDType dtype);

}  // namespace quantoscope
