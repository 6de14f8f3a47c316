// GPTQ's sweep on the GPU that holds the factor.
#pragma once

#include "core/base/result.h"
#include "core/device/gpu_factorization.h"
#include "kernels/gptq_solve/gptq_solve.h"

namespace quantoscope {

/// The problem with its arrays on the host, but for factor and order, which are the factorization's. False where the
/// device has no room: nothing is done then. Waits.
Result<bool> gptqSolveOnGpu(const GpuFactorization& factor, const kernels::GptqProblem& problem);

}  // namespace quantoscope
