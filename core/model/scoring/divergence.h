// How far the next-token distributions of changed models lie from the original's.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"

namespace quantoscope {

/// Mean over tokens of the Kullback-Leibler divergence KL(original || changed) of the next-token distributions, natural
/// logarithm, one for each change. `original` is the last block's output for some tokens (tokens x hidden), `changed`
/// the same of every change behind one another. The head is streamed; of the tokens some hundred are in work at a time.
Result<std::vector<double>> meanDivergence(const WeightSource& weights, std::span<const float> original,
                                           std::span<const float> changed, Precision precision, JobContext& job);

}  // namespace quantoscope
