// The products of cuBLAS as the launchers use them; the one door to its headers besides the context itself.
#pragma once

#include <cublas_v2.h>

#include "kernels/cuda/cuda_context.cuh"

namespace quantoscope::kernels::cuda {

CudaStatus statusOf(cublasStatus_t error, const char* operation);

/// C (m x n) = or += A B in the columns-first layout of BLAS, float32 result; A and B both of `type`.
struct BlasOperand {
    const void* values;
    cublasOperation_t operation;
    std::int64_t leading;
};
CudaStatus product(CudaContext* context, const BlasOperand& a, const BlasOperand& b, std::int64_t m, std::int64_t n,
                   std::int64_t k, cudaDataType_t type, cublasComputeType_t compute, float beta, float* c,
                   std::int64_t c_leading);

}  // namespace quantoscope::kernels::cuda
