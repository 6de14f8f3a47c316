// What the linears of a model take in its file, whatever the format.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "core/formats/model_files.h"

namespace quantoscope {

/// By linearPath ("model.layers.3.mlp.up_proj"): bytes of all its tensors together, so of codes, scales and zero points
/// where it is quantized. Biases are left out.
std::map<std::string, std::uint64_t, std::less<>> linearBytes(const ModelFiles& model);

}  // namespace quantoscope
