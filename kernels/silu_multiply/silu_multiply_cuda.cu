#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

/// y may be gate or up: a thread writes only where it alone has read.
template <typename Output>
__global__ void __launch_bounds__(kThreads)
    multiplyElements(const float* gate, const float* up, std::int64_t count, Output* y) {
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += stride) {
        const float g = gate[i];
        storeAs(g / (1.0F + expf(-g)) * up[i], y + i);
    }
}

template <typename Output>
CudaStatus multiply(CudaContext* context, const float* gate, const float* up, std::int64_t count, Output* y) {
    if (count <= 0) return {};
    QS_CUDA_TRY(enter(context));
    multiplyElements<<<stridedBlocks(count), kThreads, 0, context->stream>>>(gate, up, count, y);
    return launched("siluMultiply");
}

}  // namespace

CudaStatus siluMultiplyFloat32(CudaContext* context, const float* gate, const float* up, std::int64_t count, float* y) {
    return multiply(context, gate, up, count, y);
}

CudaStatus siluMultiplyBfloat16(CudaContext* context, const float* gate, const float* up, std::int64_t count,
                                std::uint16_t* y) {
    return multiply(context, gate, up, count, y);
}

}  // namespace quantoscope::kernels::cuda
