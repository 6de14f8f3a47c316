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

/// A warp's queries. Chunks: dimensions in 32s.
template <int Chunks>
class PlainQueries {
public:
    static constexpr int kWidth = 32 * Chunks;
    static constexpr int kKeyPitch = kWidth + 1;  // so that a dimension of 32 keys lies in 32 banks

    /// `queries`: the warp's own, in rows of kWidth.
    __device__ PlainQueries(const AttentionPlan& plan, const float* queries, std::int64_t first)
        : plan_(plan), queries_(queries), first_(first) {
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
            last_[i] = lastKey(plan, first + i);
            largest_[i] = -INFINITY;
        }
    }

    /// Takes in the keys from `first` on: their scores, the softmax's state, the weighted values.
    __device__ void take(const float* keys, const float* values, std::int64_t first) {
        float weights[kEach] = {};
        multiplyKeys(keys, weights);
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
            const bool is_seen = first + lane() <= last_[i];
            weights[i] = weigh(i, is_seen ? weights[i] * plan_.scale : -INFINITY);
        }
        addValues(values, weights);
    }

    template <typename Number>
    __device__ void store(Number* out) const {
#pragma unroll
        for (int i = 0; i < kEach; ++i) {
            if (first_ + i >= plan_.query_count) continue;
            Number* const to = out + (first_ + i) * plan_.output_stride;
#pragma unroll
            for (int c = 0; c < Chunks; ++c)
                if (c * 32 + lane() < plan_.head_dim) storeAs(sums_[i][c] / total_[i], to + c * 32 + lane());
        }
    }

private:
    __device__ static int lane() { return static_cast<int>(threadIdx.x % 32); }

    __device__ void multiplyKeys(const float* keys, float (&scores)[kEach]) const {
        for (int d = 0; d < kWidth; ++d) {
            const float key = keys[lane() * kKeyPitch + d];
#pragma unroll
            for (int i = 0; i < kEach; ++i) scores[i] = fmaf(queries_[i * kWidth + d], key, scores[i]);
        }
    }

    /// The weight of the lane's key; what was summed so far is rescaled to the new largest score, which is finite from
    /// the first tile on, as every query sees key 0.
    __device__ float weigh(int i, float score) {
        const float before = largest_[i];
        largest_[i] = fmaxf(before, combineWarp(score, Larger{}));
        const float rescale = expf(before - largest_[i]);
        const float weight = expf(score - largest_[i]);
        total_[i] = total_[i] * rescale + combineWarp(weight, Add{});
#pragma unroll
        for (int c = 0; c < Chunks; ++c) sums_[i][c] *= rescale;
        return weight;
    }

    __device__ void addValues(const float* values, const float (&weights)[kEach]) {
        for (int j = 0; j < kTile; ++j) {
            float of_key[kEach];
#pragma unroll
            for (int i = 0; i < kEach; ++i) of_key[i] = __shfl_sync(0xffffffffU, weights[i], j);
#pragma unroll
            for (int c = 0; c < Chunks; ++c) {
                const float value = values[j * kWidth + c * 32 + lane()];
#pragma unroll
                for (int i = 0; i < kEach; ++i) sums_[i][c] = fmaf(of_key[i], value, sums_[i][c]);
            }
        }
    }

    const AttentionPlan& plan_;
    const float* queries_;
    std::int64_t first_;
    std::int64_t last_[kEach];
    float largest_[kEach];
    float total_[kEach] = {};
    float sums_[kEach][Chunks] = {};
};

template <int Chunks, typename Number>
__global__ void __launch_bounds__(kThreads)
    attendPlainly(AttentionPlan plan, const Number* q, const Number* k, const Number* v, Number* out) {
    using Queries = PlainQueries<Chunks>;
    constexpr int kWidth = Queries::kWidth;
    extern __shared__ float attention_tiles[];
    float* const queries = attention_tiles;
    float* const values = queries + kTile * kWidth;
    float* const keys = values + kTile * kWidth;
    const AttentionTask task = AttentionTask::ofBlock(plan, kTile);
    const int mine = static_cast<int>(threadIdx.x / 32) * kEach;  // the warp's first query in the tile
    const std::int64_t end = lastKey(plan, task.first + kTile - 1) + 1;

    loadRows(q + task.query, plan.query_stride, task.first, plan.query_count, plan.head_dim, kWidth, kWidth, queries);
    Queries own(plan, queries + mine * kWidth, task.first + mine);
    for (std::int64_t first = 0; first < end; first += kTile) {
        __syncthreads();  // all are done with the tile before
        loadRows(k + task.key, plan.key_stride, first, plan.key_count, plan.head_dim, kWidth, Queries::kKeyPitch, keys);
        loadRows(v + task.value, plan.value_stride, first, plan.key_count, plan.head_dim, kWidth, kWidth, values);
        __syncthreads();
        own.take(keys, values, first);
    }
    own.store(out + task.output);
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
