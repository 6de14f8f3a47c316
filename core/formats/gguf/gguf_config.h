// What a GGUF file's keys say about the model, as our config and as the config.json that Hugging Face would have.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/formats/gguf/gguf_file.h"
#include "core/model/model_config.h"

namespace quantoscope {

/// Checked like a config.json. Rope divisors stored as a tensor become llama3 scaling when its formula gives exactly
/// them.
Result<ModelConfig> configFromGguf(const GgufFile& file, std::vector<std::string>& warnings);

/// config.json text in the spelling that old and new transformers read.
std::string configJsonFromGguf(const GgufFile& file, const ModelConfig& config);

/// The factor by which llama3 scaling divides each of head_dim / 2 rotary frequencies.
std::vector<double> llama3Divisors(const ModelConfig& config);

}  // namespace quantoscope
