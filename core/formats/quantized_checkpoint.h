// Reads checkpoints that others quantized: GPTQ (v1 and v2, any desc_act, 2, 3, 4 or 8 bits) and AWQ (GEMM, 4 bits).
// Linears are dequantized as they are read; every tensor is checked before it is believed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/formats/weights/stored_tensor.h"
#include "core/model/weight_source.h"

namespace quantoscope {

/// What config.json says in "quantization_config".
struct CheckpointQuantization {
    enum class Layout { gptq, awq };
    Layout layout = Layout::gptq;
    int bits = 4;
    std::int64_t group_size = -1;       ///< -1: every row is one group
    bool zero_points_minus_one = true;  ///< GPTQ v1
    bool bits_vary = false;             ///< "dynamic": each linear's width follows from its shapes
    std::string label;                  ///< "GPTQ, 4 bits, groups of 128"
};

/// Nothing when config.json has no "quantization_config"; an error for layouts that cannot be read here.
Result<std::optional<CheckpointQuantization>> checkpointQuantization(const std::string& config_json,
                                                                     const std::filesystem::path& where);

/// Weights under their Hugging Face names ("model.layers.0.mlp.up_proj.weight") from all tensors of the checkpoint. The
/// layout of every linear and the presence and shape of everything else is checked here. Dense tensors follow `dtype`;
/// dequantized weights are never rounded, they are what the file means: scale * (code - zero point) in float32.
Result<std::shared_ptr<const WeightSource>> quantizedWeightsFromStored(const ModelConfig& config,
                                                                       const CheckpointQuantization& quantization,
                                                                       StoredTensors tensors, WeightDType dtype,
                                                                       const std::filesystem::path& where);

}  // namespace quantoscope
