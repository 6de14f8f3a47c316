// A small random LLaMA with a byte tokenizer, written as a Hugging Face folder: for tests that need a whole model in
// milliseconds and do not care what it says.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/base/result.h"

namespace quantoscope::test {

struct TinyModelShape {
    std::int64_t block_count = 12;
    std::int64_t hidden_size = 64;
    std::int64_t intermediate_size = 160;
    std::int64_t head_count = 4;
    std::int64_t kv_head_count = 2;
    std::uint32_t seed = 1;
};

/// config.json, model.safetensors (BF16), tokenizer.json: 256 byte tokens, no special ones.
Status writeTinyModel(const std::filesystem::path& folder, const TinyModelShape& shape);
/// `bytes` of pseudo-text (words of a few letters), the same for the same seed.
Status writePseudoText(const std::filesystem::path& file, std::size_t bytes, std::uint32_t seed);

}  // namespace quantoscope::test
