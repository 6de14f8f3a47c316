// The inverse frequencies of a model's rotary embedding, after whatever scaling its config asks for.
#pragma once

#include <vector>

#include "core/model/model_config.h"

namespace quantoscope {

/// head_dim / 2 values, formed in float32 as transformers does: theta^(-2p/d), divided by the factor (linear), bent
/// between the two wavelengths (llama3; source: transformers' _compute_llama3_parameters as given in the model card of
/// LLaMA-3.1), or divided by the GGUF file's own divisors, which then stand for the whole scaling.
std::vector<float> ropeInverseFrequencies(const ModelConfig& config);

}  // namespace quantoscope
