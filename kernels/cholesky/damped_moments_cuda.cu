#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

/// A block walks one row of the matrix. Rows of the Gram matrix are read in the order asked for.
__global__ void __launch_bounds__(kThreads)
    writeRow(const float* gram, std::int64_t n, float scale, const float* diagonal, float added,
             const std::int32_t* order, float* matrix) {
    for (std::int64_t i = blockIdx.x; i < n; i += gridDim.x) {
        const std::int64_t source = order == nullptr ? i : order[i];
        const float* const from = gram + source * n;
        float* const to = matrix + i * n;
        for (std::int64_t j = threadIdx.x; j < n; j += kThreads)
            to[j] = i == j ? diagonal[source] + added : scale * from[order == nullptr ? j : order[j]];
    }
}

}  // namespace

CudaStatus dampedMoments(CudaContext* context, const float* gram, std::int64_t n, float scale, const float* diagonal,
                         float added, const std::int32_t* order, float* matrix) {
    if (n <= 0) return {};
    QS_CUDA_TRY(enter(context));
    const auto blocks = static_cast<unsigned>(n < 65535 ? n : 65535);
    writeRow<<<blocks, kThreads, 0, context->stream>>>(gram, n, scale, diagonal, added, order, matrix);
    return launched("dampedMoments");
}

}  // namespace quantoscope::kernels::cuda
