// cuSOLVER as the launchers use it; the one door to its headers besides the context itself.
#pragma once

#include <cusolverDn.h>

#include "kernels/cuda/cuda_context.cuh"

namespace quantoscope::kernels::cuda {

CudaStatus statusOf(cusolverStatus_t error, const char* operation);

}  // namespace quantoscope::kernels::cuda
