// Reads checkpoints that others quantized: GPTQ (v1 and v2, any desc_act, 2, 3, 4 or 8 bits) and AWQ (GEMM, 4 bits).
// Linears are dequantized as they are read; every tensor is checked before it is believed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/model/weight_source.h"
#include "core/tensor/dtype.h"

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
                                                                     const std::string& where);

/// A tensor as a checkpoint stores it; the bytes stay valid as long as the checkpoint is open.
struct StoredTensor {
    DType dtype = DType::f32;
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};
/// By stored name; nothing when the checkpoint has no such tensor. Keeps its files open. Thread-safe.
using TensorLookup = std::function<std::optional<StoredTensor>(std::string_view name)>;

/// Weights under their Hugging Face names ("model.layers.0.mlp.up_proj.weight"). The layout of every linear and the
/// presence and shape of everything else is checked here, so that reading can fail only on a damaged disk. Dense tensors
/// follow `dtype`; dequantized weights are never rounded, they are what the file means.
Result<std::shared_ptr<const WeightSource>> openQuantizedCheckpoint(const ModelConfig& config,
                                                                    const CheckpointQuantization& quantization,
                                                                    TensorLookup lookup, WeightDType dtype,
                                                                    const std::string& where);

/// Weights that a packed model holds in linears and dense tensors, for the parameter count.
std::int64_t quantizedParameterCount(const ModelConfig& config);

}  // namespace quantoscope
