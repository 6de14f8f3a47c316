// Likelihoods of texts computed on a GPU: the same protocol as evaluateNll, block by block, then the head in pieces of
// the vocabulary so that no full logits are kept.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/gpu.h"
#include "core/model/activations.h"
#include "core/model/weight_source.h"

namespace quantoscope {

/// As evaluateNll in bfloat16 precision.
Result<std::vector<std::vector<float>>> evaluateNllOnGpu(const std::shared_ptr<Gpu>& gpu, const WeightSource& weights,
                                                         std::span<const std::vector<std::int32_t>> sequences,
                                                         JobContext& job);

/// -log p(targets[i]) (natural log) after row i of `hidden` (rows x hidden size); a target of -1 asks for nothing and
/// its number means nothing.
Result<std::vector<double>> targetNllOnGpu(Gpu& gpu, const WeightSource& weights, std::span<const float> hidden,
                                           std::span<const std::int32_t> targets, JobContext& job);

}  // namespace quantoscope
