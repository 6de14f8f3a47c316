#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

/// A block a token; a thread turns a pair (p, p + half) of a head: it reads both before it writes, so y may be x. The
/// module is compiled without contraction to fused multiply-adds, so products and sums round as on the CPU.
template <typename Output>
__global__ void __launch_bounds__(kThreads)
    rotateToken(const float* x, std::int64_t x_stride, int pairs, CudaRotaryTable table, Output* y,
                std::int64_t y_stride, std::int64_t first_row) {
    const std::int64_t token = blockIdx.x;
    const int half = static_cast<int>(table.half);
    const std::int64_t entry = (first_row + token) % table.position_count * table.half;
    for (int pair = static_cast<int>(threadIdx.x); pair < pairs; pair += kThreads) {
        const int p = pair % half;
        const std::int64_t at = static_cast<std::int64_t>(pair / half) * 2 * half + p;
        const float low = x[token * x_stride + at];
        const float high = x[token * x_stride + at + half];
        const float cosine = table.cosine[entry + p];
        const float sine = table.sine[entry + p];
        storeAs(low * cosine - high * sine, y + token * y_stride + at);
        storeAs(high * cosine + low * sine, y + token * y_stride + at + half);
    }
}

template <typename Output>
CudaStatus rotate(CudaContext* context, const float* x, std::int64_t x_stride, std::int64_t tokens,
                  std::int64_t head_count, const CudaRotaryTable* table, Output* y, std::int64_t y_stride,
                  std::int64_t first_row) {
    if (tokens <= 0 || head_count <= 0 || table->half <= 0) return {};
    constexpr std::int64_t kMostPairs = 0x3fffffff;  // so that the loop's int cannot overflow
    if (tokens > kMostBlocks || table->half > kMostPairs / head_count) return tooLarge("rotaryEmbedding");
    if (table->position_count <= 0 || first_row < 0)
        return {KernelStatus::unsupported, "rotaryEmbedding", "the rotation table has no such row"};
    QS_CUDA_TRY(enter(context));
    const int pairs = static_cast<int>(head_count * table->half);
    rotateToken<<<static_cast<unsigned>(tokens), kThreads, 0, context->stream>>>(x, x_stride, pairs, *table, y,
                                                                                 y_stride, first_row);
    return launched("rotaryEmbedding");
}

}  // namespace

CudaStatus rotaryEmbeddingFloat32(CudaContext* context, const float* x, std::int64_t x_stride, std::int64_t tokens,
                                  std::int64_t head_count, const CudaRotaryTable* table, float* y,
                                  std::int64_t y_stride, std::int64_t first_row) {
    return rotate(context, x, x_stride, tokens, head_count, table, y, y_stride, first_row);
}

CudaStatus rotaryEmbeddingBfloat16(CudaContext* context, const float* x, std::int64_t x_stride, std::int64_t tokens,
                                   std::int64_t head_count, const CudaRotaryTable* table, std::uint16_t* y,
                                   std::int64_t y_stride, std::int64_t first_row) {
    return rotate(context, x, x_stride, tokens, head_count, table, y, y_stride, first_row);
}

}  // namespace quantoscope::kernels::cuda
