#include <cmath>

#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

/// A block a token: the row is read for its maximum, then, from the cache, for the sum. A thread's share of a chunk is
/// summed in float32, the shares in double.
__global__ void __launch_bounds__(kThreads)
    updateToken(const float* logits, std::int64_t columns, std::int64_t first_id, const std::int32_t* targets,
                RunningSoftmax* running) {
    const std::int64_t token = blockIdx.x;
    const float* const row = logits + token * columns;
    float largest = -INFINITY;
    for (std::int64_t c = threadIdx.x; c < columns; c += kThreads) largest = fmaxf(largest, row[c]);
    largest = combineBlock<kThreads>(largest, Larger{});
    RunningSoftmax state = running[token];
    const float before = state.maximum;
    if (largest > before) state.maximum = largest;
    float share = 0.0F;
    for (std::int64_t c = threadIdx.x; c < columns; c += kThreads) share += expf(row[c] - state.maximum);
    // The barriers inside come after every thread's read of running[token] and before the one write.
    const double sum = combineBlock<kThreads>(static_cast<double>(share), Add{});
    if (threadIdx.x != 0) return;
    if (state.sum != 0.0) state.sum *= exp(static_cast<double>(before) - static_cast<double>(state.maximum));
    state.sum += sum;
    const std::int64_t target = targets[token] - first_id;
    if (target >= 0 && target < columns) state.target_logit = row[target];
    running[token] = state;
}

}  // namespace

CudaStatus updateSoftmax(CudaContext* context, const float* logits, std::int64_t tokens, std::int64_t columns,
                         std::int64_t first_id, const std::int32_t* targets, RunningSoftmax* running) {
    if (tokens <= 0 || columns <= 0) return {};
    if (tokens > kMostBlocks) return tooLarge("updateSoftmax");
    QS_CUDA_TRY(enter(context));
    updateToken<<<static_cast<unsigned>(tokens), kThreads, 0, context->stream>>>(logits, columns, first_id, targets,
                                                                                 running);
    return launched("updateSoftmax");
}

}  // namespace quantoscope::kernels::cuda
