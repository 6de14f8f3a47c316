// From the last block's output to the likelihood of given tokens: final norm, and the head streamed in row chunks so
// that no full logits matrix is kept (private to core/model).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/activations.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"

namespace quantoscope {

/// -log p(targets[i]) (natural log) after row i of `hidden` (rows x hidden size); a target of -1 asks for nothing and
/// its number means nothing.
Result<std::vector<double>> targetNll(const WeightSource& weights, std::span<const float> hidden,
                                      std::span<const std::int32_t> targets, Precision precision, JobContext& job);

/// The target of position t is token t + 1; the last position of a sequence has none.
std::vector<std::int32_t> nextTokenTargets(std::span<const std::vector<std::int32_t>> sequences);
/// Of those targets, sequence by sequence.
std::vector<std::vector<float>> nllBySequence(const std::vector<double>& nll, const Activations& hidden);

}  // namespace quantoscope
