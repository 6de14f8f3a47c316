#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

/// A block a row. y may be x: a thread writes only what it alone reads, after the sum is known to all.
template <typename Output>
__global__ void __launch_bounds__(kThreads)
    normRow(const float* x, const float* weight, float epsilon, std::int64_t columns, Output* y) {
    const float* const from = x + static_cast<std::int64_t>(blockIdx.x) * columns;
    Output* const to = y + static_cast<std::int64_t>(blockIdx.x) * columns;
    float sum = 0.0F;
    for (std::int64_t c = threadIdx.x; c < columns; c += kThreads) sum += from[c] * from[c];
    sum = combineBlock<kThreads>(sum, Add{});
    const float scale = 1.0F / sqrtf(sum / static_cast<float>(columns) + epsilon);
    for (std::int64_t c = threadIdx.x; c < columns; c += kThreads) storeAs(weight[c] * (from[c] * scale), to + c);
}

template <typename Output>
CudaStatus norm(CudaContext* context, const float* x, const float* weight, float epsilon, std::int64_t rows,
                std::int64_t columns, Output* y) {
    if (rows <= 0 || columns <= 0) return {};
    if (rows > kMostBlocks) return tooLarge("rmsNorm");
    QS_CUDA_TRY(enter(context));
    normRow<<<static_cast<unsigned>(rows), kThreads, 0, context->stream>>>(x, weight, epsilon, columns, y);
    return launched("rmsNorm");
}

}  // namespace

CudaStatus rmsNormFloat32(CudaContext* context, const float* x, const float* weight, float epsilon, std::int64_t rows,
                          std::int64_t columns, float* y) {
    return norm(context, x, weight, epsilon, rows, columns, y);
}

CudaStatus rmsNormBfloat16(CudaContext* context, const float* x, const float* weight, float epsilon, std::int64_t rows,
                           std::int64_t columns, std::uint16_t* y) {
    return norm(context, x, weight, epsilon, rows, columns, y);
}

}  // namespace quantoscope::kernels::cuda
