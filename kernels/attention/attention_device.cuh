// What both kernels of attention on the GPU share: the shape with its strides, and which query a thread block has.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/cuda/cuda_context.cuh"

namespace quantoscope::kernels::cuda {

/// AttentionShape for the device.
struct AttentionPlan {
    std::int64_t sequence_count;
    std::int64_t query_count;
    std::int64_t key_count;
    std::int64_t head_count;
    std::int64_t head_dim;
    std::int64_t query_stride;
    std::int64_t key_stride;
    std::int64_t value_stride;
    std::int64_t output_stride;
    std::int64_t heads_per_kv;
    float scale;  ///< 1 / sqrt(head_dim)
};

/// One head of one sequence, and the queries from `first` on. `query`, `key`, ... lead to the head at token 0.
struct AttentionTask {
    std::int64_t first;
    std::int64_t query;
    std::int64_t key;
    std::int64_t value;
    std::int64_t output;

    /// Blocks come with the last queries first: those see most keys, and the short ones fill the gaps at the end. Heads
    /// that share keys are neighbours.
    __device__ static AttentionTask ofBlock(const AttentionPlan& plan, int queries) {
        const std::int64_t heads = plan.sequence_count * plan.head_count;
        const std::int64_t tile = blockIdx.x / heads;
        const std::int64_t head = blockIdx.x % heads;
        const std::int64_t sequence = head / plan.head_count;
        const std::int64_t h = head % plan.head_count;
        const std::int64_t at = h * plan.head_dim;
        const std::int64_t kv_at = h / plan.heads_per_kv * plan.head_dim;
        const std::int64_t tiles = (plan.query_count + queries - 1) / queries;
        return {(tiles - 1 - tile) * queries, sequence * plan.query_count * plan.query_stride + at,
                sequence * plan.key_count * plan.key_stride + kv_at,
                sequence * plan.key_count * plan.value_stride + kv_at,
                sequence * plan.query_count * plan.output_stride + at};
    }
};

/// The last key that a query sees. A query behind the last one, which is computed and thrown away, is taken as that
/// one, so that every query sees key 0 and none a key that is not there.
__device__ inline std::int64_t lastKey(const AttentionPlan& plan, std::int64_t query) {
    const std::int64_t real = query < plan.query_count ? query : plan.query_count - 1;
    return plan.key_count - plan.query_count + real;
}

/// bfloat16 with products on the tensor cores, for heads of up to 128 dimensions.
inline constexpr std::int64_t kMostTensorDim = 128;
CudaStatus attendOnTensorCores(CudaContext* context, const AttentionPlan& plan, const std::uint16_t* q,
                               const std::uint16_t* k, const std::uint16_t* v, std::uint16_t* out);

/// Blocks for tiles of `queries`; 0 where there are too many.
inline unsigned attentionBlocks(const AttentionPlan& plan, std::int64_t queries) {
    const std::int64_t tiles = (plan.query_count + queries - 1) / queries;
    const std::int64_t heads = plan.sequence_count * plan.head_count;
    return tiles > kMostBlocks / heads ? 0U : static_cast<unsigned>(tiles * heads);
}

}  // namespace quantoscope::kernels::cuda
