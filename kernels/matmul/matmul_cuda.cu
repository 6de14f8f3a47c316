#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/launchers.cuh"
#include "kernels/matmul/matmul.h"

namespace quantoscope::kernels::cuda {

// BLAS sees columns first: the weights are columns x rows and taken transposed, x is columns x tokens, y rows x tokens.
CudaStatus matmulBfloat16(CudaContext* context, const std::uint16_t* x, std::int64_t tokens,
                          const std::uint16_t* weights, std::int64_t rows, std::int64_t columns, float* y,
                          MatmulOutput output) {
    if (tokens <= 0 || rows <= 0) return {};
    const bool adds = output == MatmulOutput::add;
    if (columns <= 0) {
        const auto bytes = static_cast<std::uint64_t>(tokens) * static_cast<std::uint64_t>(rows) * sizeof(float);
        return adds ? CudaStatus{} : fillWithZero(context, y, bytes);
    }
    QS_CUDA_TRY(enter(context));
    const BlasOperand left{weights, CUBLAS_OP_T, columns};
    const BlasOperand right{x, CUBLAS_OP_N, columns};
    return product(context, left, right, rows, tokens, columns, CUDA_R_16BF, CUBLAS_COMPUTE_32F, adds ? 1.0F : 0.0F, y,
                   rows);
}

}  // namespace quantoscope::kernels::cuda
