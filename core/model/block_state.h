// What a DecoderBlock holds and the pass through it (private to core/model).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "core/model/decoder_block.h"
#include "core/model/generator.h"
#include "kernels/attention/attention.h"
#include "kernels/base/aligned_buffer.h"
#include "kernels/matmul/matmul.h"
#include "kernels/rotary_embedding/rotary_embedding.h"

namespace quantoscope {

/// Config and prepared tensors of one block.
struct BlockWeights {
    ModelConfig config;
    std::array<kernels::PackedMatrix, 7> linears;  ///< by LinearRole
    std::vector<float> input_norm;
    std::vector<float> post_attention_norm;
};

struct DecoderBlock::State {
    BlockWeights weights;
    std::int64_t index = 0;
    Precision precision = Precision::bfloat16;
    std::vector<float> inverse_frequencies;
};

/// A run of tokens on its way through the block.
struct BlockPass {
    const float* input = nullptr;  ///< tokens x hidden
    float* residual = nullptr;     ///< tokens x hidden; may be input; holds the output in the end
    std::int64_t sequences = 1;
    std::int64_t length = 0;  ///< tokens in each sequence
    std::int64_t first_sequence = 0;
    bool whole = true;  ///< false: only as far as last_site needs
    std::optional<InputSite> last_site;
    const SiteObserver* observer = nullptr;
    const kernels::RotaryTable* rotary = nullptr;
    std::span<const kernels::BranchedSequence> branched;  ///< how the tokens belong together, when not by length
    KeyValueCache* cache = nullptr;                       ///< generation: the tokens follow those in it (one sequence)
    std::stop_token stop;

    std::int64_t tokens() const { return sequences * length; }
};

/// Memory of a pass, reused by later groups. Element: float or std::uint16_t (bfloat16 bits).
template <typename Element>
struct BlockMemory {
    kernels::AlignedBuffer<Element> normed, q, k, v, attended, hidden;
    kernels::AlignedBuffer<float> first, second;  ///< float32 results of a few tokens

    bool reserve(const ModelConfig& config, std::int64_t tokens);
};

/// Tokens whose float32 results are kept at a time between a product and what follows it.
inline constexpr std::int64_t kTokenTile = 384;

struct PassMemory {
    BlockMemory<float> float32;
    BlockMemory<std::uint16_t> bfloat16;
};

template <typename Element>
Status runBlock(const BlockWeights& weights, const BlockPass& pass, BlockMemory<Element>& memory);

}  // namespace quantoscope
