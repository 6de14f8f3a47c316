// What AWQ keeps of a block's inputs: everything its scale search replays, and a sample of tokens for the clip search.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/methods/method.h"

namespace quantoscope {

struct AwqInputs {
    std::int64_t sequence_count = 0;
    std::int64_t sequence_length = 0;
    std::vector<std::uint16_t> attention_input;         ///< tokens x hidden, bfloat16; empty where not asked for
    std::vector<std::uint16_t> mlp_input;               ///< the same
    std::array<Matrix, 4> samples;                      ///< by InputSite: every n-th token, float32
    std::array<const SiteStatistics*, 4> statistics{};  ///< by InputSite; the block's own

    std::int64_t tokens() const { return sequence_count * sequence_length; }
};

/// One pass of the block over the calibration input. Every floor(tokens / sample_tokens)-th token is sampled.
/// `keep_inputs`: the modules' whole inputs too.
Result<AwqInputs> gatherAwqInputs(BlockContext& block, std::int64_t sample_tokens, bool keep_inputs, JobContext& job);

}  // namespace quantoscope
