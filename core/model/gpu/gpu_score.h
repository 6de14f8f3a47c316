// Likelihoods of single tokens computed on a GPU: multiple choice.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/gpu.h"
#include "core/model/scoring/token_request.h"
#include "core/model/weight_source.h"

namespace quantoscope {

inline constexpr std::int64_t kScorePassBytes = std::int64_t{4} << 30;

/// As tokenLogProbabilities in bfloat16 precision. Texts of about the same length go through a block together, filled
/// up behind their ends; neighbours that read the same text share it, beginnings are computed for each. `pass_bytes`:
/// the residual stream that is held at a time; what does not fit takes more passes, each of which reads the whole
/// model.
Result<std::vector<std::vector<double>>> tokenLogProbabilitiesOnGpu(const std::shared_ptr<Gpu>& gpu,
                                                                    const WeightSource& weights,
                                                                    std::span<const TokenRequest> requests,
                                                                    JobContext& job,
                                                                    std::int64_t pass_bytes = kScorePassBytes);

}  // namespace quantoscope
