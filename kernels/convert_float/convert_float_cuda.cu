#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

__global__ void __launch_bounds__(kThreads) narrow(const float* values, std::int64_t count, std::uint16_t* bits) {
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < count; i += stride)
        storeAs(values[i], bits + i);
}

}  // namespace

CudaStatus floatToBfloat16(CudaContext* context, const float* values, std::int64_t count, std::uint16_t* bits) {
    if (count <= 0) return {};
    QS_CUDA_TRY(enter(context));
    narrow<<<stridedBlocks(count), kThreads, 0, context->stream>>>(values, count, bits);
    return launched("floatToBfloat16");
}

}  // namespace quantoscope::kernels::cuda
