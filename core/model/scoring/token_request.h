// Likelihoods of single tokens after given beginnings: what multiple-choice benchmarks are made of.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"

namespace quantoscope {

/// How likely is `target` right after ids[position]?
struct ScoredToken {
    std::int64_t position = 0;
    std::int32_t target = 0;
};

/// What the model reads, from position 0, and which of its predictions are wanted.
struct TokenRequest {
    std::vector<std::int32_t> ids;
    std::vector<ScoredToken> scored;
    std::int64_t group = 0;  ///< neighbours of the same group begin alike: what they share is computed once
};

/// log p (natural log) of every request's scored tokens. Requests of any length go through the model together, one
/// block at a time; the group they are in does not change a number. Errors: an empty request, a position outside the
/// request, an id outside the vocabulary.
Result<std::vector<std::vector<double>>> tokenLogProbabilities(const WeightSource& weights,
                                                               std::span<const TokenRequest> requests,
                                                               Precision precision, JobContext& job);

}  // namespace quantoscope
