// Attention in plain float32: a block has 32 queries of a head, four of them a warp. Keys and values come in tiles of
// 32 through shared memory. For the scores a lane is a key, for the sums a lane is every 32nd dimension; the largest
// score so far and the sums are kept and rescaled from tile to tile, so no row of scores is ever whole.
#include "kernels/attention/attention.h"
#include "kernels/attention/attention_device.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr int kTile = 32;
constexpr int kWarps = kThreads / 32;
constexpr int kEach = kTile / kWarps;  // queries of a warp
constexpr int kMostChunks = 8;         // 256 dimensions

/// Rows [first, first + kTile) to shared memory, as float32 in rows of `pitch`; zeros where there is no row or no
/// dimension.
template <typename Input>
__device__ void loadRows(const Input* from, std::int64_t stride, std::int64_t first, std::int64_t count,
                         std::int64_t dim, int width, int pitch, float* to) {
    for (int p = static_cast<int>(threadIdx.x); p < kTile * width; p += kThreads) {
        const int r = p / width;
        const int d = p - r * width;
        const bool is_there = first + r < count && d < dim;
        to[r * pitch + d] = is_there ? asFloat(from[(first + r) * stride + d]) : 0.0F;
    }
}

/// Chunks: dimensions in 32s. Shared memory: queries and values in rows of 32 x Chunks, keys in rows of one more, so
/// that a dimension of 32 keys lies in 32 banks.
template <int Chunks, typename Number>
__global__ void __launch_bounds__(kThreads)
    attendPlainly(AttentionPlan plan, const Number* q, const Number* k, const Number* v, Number* out) {
    constexpr int kWidth = 32 * Chunks;
    extern __shared__ float attention_tiles[];
    float* const queries = attention_tiles;
    float* const values = queries + kTile * kWidth;
    float* const keys = values + kTile * kWidth;
    const AttentionTask task = AttentionTask::ofBlock(plan, kTile);
    const int lane = static_cast<int>(threadIdx.x % 32);
    const int mine = static_cast<int>(threadIdx.x / 32) * kEach;  // the warp's first query in the tile

    loadRows(q + task.query, plan.query_stride, task.first, plan.query_count, plan.head_dim, kWidth, kWidth, queries);
    std::int64_t last[kEach];
    float largest[kEach];
    float total[kEach];
    float sums[kEach][Chunks];
#pragma unroll
    for (int i = 0; i < kEach; ++i) {
        last[i] = lastKey(plan, task.first + mine + i);
        largest[i] = -INFINITY;
        total[i] = 0.0F;
#pragma unroll
        for (int c = 0; c < Chunks; ++c) sums[i][c] = 0.0F;
    }
    const std::int64_t end = lastKey(plan, task.first + kTile - 1) + 1;
    for (std::int64_t first = 0; first < end; first += kTile) {
        __syncthreads();  // all are done with the tile before
        loadRows(k + task.key, plan.key_stride, first, plan.key_count, plan.head_dim, kWidth, kWidth + 1, keys);
        loadRows(v + task.value, plan.value_stride, first, plan.key_count, plan.head_dim, kWidth, kWidth, values);
        __syncthreads();
        float scores[kEach] = {};
        for (int d = 0; d < kWidth; ++d) {
            const float key = keys[lane * (kWidth + 1) + d];
#pragma unroll
            for (int i = 0; i < kEach; ++i) scores[i] = fmaf(queries[(mine + i) * kWidth + d], key, scores[i]);
        }
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
            const float score = first + lane <= last[i] ? scores[i] * plan.scale : -INFINITY;
            const float before = largest[i];
            largest[i] = fmaxf(before, combineWarp(score, Larger{}));  // finite: every query sees key 0
            const float rescale = expf(before - largest[i]);
            scores[i] = expf(score - largest[i]);
            total[i] = total[i] * rescale + combineWarp(scores[i], Add{});
#pragma unroll
            for (int c = 0; c < Chunks; ++c) sums[i][c] *= rescale;
        }
        for (int j = 0; j < kTile; ++j) {
            float weights[kEach];
#pragma unroll
            for (int i = 0; i < kEach; ++i) weights[i] = __shfl_sync(0xffffffffU, scores[i], j);
#pragma unroll
            for (int c = 0; c < Chunks; ++c) {
                const float value = values[j * kWidth + c * 32 + lane];
#pragma unroll
                for (int i = 0; i < kEach; ++i) sums[i][c] = fmaf(weights[i], value, sums[i][c]);
            }
        }
    }
#pragma unroll
    for (int i = 0; i < kEach; ++i) {
        const std::int64_t query = task.first + mine + i;
        if (query >= plan.query_count) continue;
        Number* const to = out + task.output + query * plan.output_stride;
#pragma unroll
        for (int c = 0; c < Chunks; ++c)
            if (c * 32 + lane < plan.head_dim) storeAs(sums[i][c] / total[i], to + c * 32 + lane);
    }
}

template <int Chunks, typename Number>
CudaStatus launchPlainly(CudaContext* context, const AttentionPlan& plan, const Number* q, const Number* k,
                         const Number* v, Number* out) {
    constexpr int kBytes = kTile * (3 * 32 * Chunks + 1) * static_cast<int>(sizeof(float));
    const unsigned blocks = attentionBlocks(plan, kTile);
    if (blocks == 0) return tooLarge("attention");
    // Above 48 KiB a kernel must ask. 97 KiB at most: what a block may have on every device of 8.0 and newer.
    QS_CUDA_TRY(statusOf(
        cudaFuncSetAttribute(attendPlainly<Chunks, Number>, cudaFuncAttributeMaxDynamicSharedMemorySize, kBytes),
        "cudaFuncSetAttribute"));
    attendPlainly<Chunks, Number><<<blocks, kThreads, kBytes, context->stream>>>(plan, q, k, v, out);
    return launched("attention");
}

template <typename Number>
CudaStatus attendPlainlyOn(CudaContext* context, const AttentionPlan& plan, const Number* q, const Number* k,
                           const Number* v, Number* out) {
    if (plan.head_dim <= 64) return launchPlainly<2>(context, plan, q, k, v, out);
    if (plan.head_dim <= 128) return launchPlainly<4>(context, plan, q, k, v, out);
    if (plan.head_dim <= 32 * kMostChunks) return launchPlainly<kMostChunks>(context, plan, q, k, v, out);
    return tooLarge("attention");
}

bool isEmpty(const AttentionShape& shape) {
    return shape.sequence_count <= 0 || shape.query_count <= 0 || shape.head_count <= 0 || shape.head_dim <= 0;
}

AttentionPlan planOf(const AttentionShape& shape) {
    const auto stride = [&](std::int64_t given, std::int64_t heads) {
        return given > 0 ? given : heads * shape.head_dim;
    };
    AttentionPlan plan{};
    plan.sequence_count = shape.sequence_count;
    plan.query_count = shape.query_count;
    plan.key_count = shape.key_count;
    plan.head_count = shape.head_count;
    plan.head_dim = shape.head_dim;
    plan.query_stride = stride(shape.query_stride, shape.head_count);
    plan.key_stride = stride(shape.key_stride, shape.kv_head_count);
    plan.value_stride = stride(shape.value_stride, shape.kv_head_count);
    plan.output_stride = stride(shape.output_stride, shape.head_count);
    plan.heads_per_kv = shape.head_count / shape.kv_head_count;
    plan.scale = static_cast<float>(1.0 / sqrt(static_cast<double>(shape.head_dim)));
    return plan;
}

}  // namespace

CudaStatus attentionFloat32(CudaContext* context, const AttentionShape* shape, const float* q, const float* k,
                            const float* v, float* out) {
    if (isEmpty(*shape)) return {};
    QS_CUDA_TRY(enter(context));
    return attendPlainlyOn(context, planOf(*shape), q, k, v, out);
}

CudaStatus attentionBfloat16(CudaContext* context, const AttentionShape* shape, const std::uint16_t* q,
                             const std::uint16_t* k, const std::uint16_t* v, std::uint16_t* out) {
    if (isEmpty(*shape)) return {};
    QS_CUDA_TRY(enter(context));
    const AttentionPlan plan = planOf(*shape);
    if (plan.head_dim <= kMostTensorDim) return attendOnTensorCores(context, plan, q, k, v, out);
    return attendPlainlyOn(context, plan, q, k, v, out);
}

}  // namespace quantoscope::kernels::cuda
