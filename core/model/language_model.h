// What surrounds the blocks: embedding, final norm, head; and the streamed passes built of them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/activations.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"

namespace quantoscope {

/// Embedding rows of ids (sequences of equal length). Fails on an id outside the vocabulary.
Result<Activations> embedTokens(const WeightSource& weights, std::span<const std::vector<std::int32_t>> sequences);

/// Sequence i's negative log-likelihoods (natural log) of tokens 1 .. length-1 given those before, from the last
/// block's output: final norm, head streamed in row chunks so that no full logits matrix is kept.
Result<std::vector<std::vector<float>>> nextTokenNll(const WeightSource& weights, const Activations& last_block_output,
                                                     std::span<const std::vector<std::int32_t>> sequences,
                                                     Precision precision, JobContext& job);

/// Pushes sequences through all blocks one block at a time (block i+1 is prepared while block i computes), then
/// nextTokenNll.
Result<std::vector<std::vector<float>>> evaluateNll(const WeightSource& weights,
                                                    std::span<const std::vector<std::int32_t>> sequences,
                                                    Precision precision, JobContext& job);

struct TokenLogit {
    std::int32_t id;
    float logit;
};

struct GenerationRequest {
    std::vector<std::int32_t> prompt_ids;
    std::int64_t max_new_tokens = 64;
    std::int64_t top_logits = 0;  ///< how many of the first new position's logits to return
    bool stop_at_eos = true;
    Precision precision = Precision::bfloat16;
    std::function<void(std::int32_t)> on_token;  ///< called as tokens come; may be empty
};
struct GenerationResult {
    std::vector<std::int32_t> ids;
    std::vector<TokenLogit> top_logits;  ///< highest first, ties by lower id
    double prompt_ms = 0.0;
    double generation_ms = 0.0;
};
/// Greedy decoding with a key/value cache; all blocks are held in memory.
Result<GenerationResult> generate(const WeightSource& weights, const GenerationRequest& request, JobContext& job);

}  // namespace quantoscope
