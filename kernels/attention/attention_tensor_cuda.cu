// Attention in bfloat16 on the tensor cores: a block has 64 queries of a head, 16 of them a warp; keys and values come
// in tiles of 64 through shared memory. Scores, sums and the softmax's state stay in the registers of the lanes that
// the products leave them in (tensor_core.cuh): of 16 queries a lane has the rows g and g + 8.
//
// The softmax's weights are float32. They are multiplied as the sum of two bfloat16, which keeps 16 bits of them: one
// would lose what the float32 sums of the contract are for.
#include <cuda_bf16.h>

#include "kernels/attention/attention_device.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/tensor_core.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr int kWarps = 4;
constexpr int kBlockThreads = 32 * kWarps;
constexpr int kQueries = 16 * kWarps;
constexpr int kKeys = 64;
constexpr int kKeyTiles = kKeys / 8;  // products of 8 keys
constexpr float kLog2E = 1.44269504088896341F;

/// Two numbers rounded to bfloat16, the first one in the lower half, and what the rounding left.
struct Split {
    std::uint32_t rounded;
    std::uint32_t rest;

    __device__ Split(float first, float second) {
        const __nv_bfloat162 near = __floats2bfloat162_rn(first, second);
        const __nv_bfloat162 left = __floats2bfloat162_rn(first - __low2float(near), second - __high2float(near));
        memcpy(&rounded, &near, sizeof(rounded));
        memcpy(&rest, &left, sizeof(rest));
    }
};

/// Rows [first, first + kKeys) to shared memory; zeros where there is no row or no dimension. `by_eight`: 16 bytes at a
/// time, rows and their parts being aligned to that.
template <int Dim>
__device__ void loadRows(const std::uint16_t* from, std::int64_t stride, std::int64_t first, const AttentionPlan& plan,
                         bool by_eight, std::uint16_t (&to)[kKeys][Dim + 8]) {
    const std::int64_t left = plan.key_count - first;
    if (by_eight) {
        for (int p = static_cast<int>(threadIdx.x); p < kKeys * (Dim / 8); p += kBlockThreads) {
            const int r = p / (Dim / 8);
            const int d = p % (Dim / 8) * 8;
            uint4 eight{0, 0, 0, 0};
            if (r < left && d < plan.head_dim) eight = *reinterpret_cast<const uint4*>(from + (first + r) * stride + d);
            *reinterpret_cast<uint4*>(&to[r][d]) = eight;
        }
        return;
    }
    for (int p = static_cast<int>(threadIdx.x); p < kKeys * Dim; p += kBlockThreads) {
        const int r = p / Dim;
        const int d = p % Dim;
        to[r][d] = r < left && d < plan.head_dim ? from[(first + r) * stride + d] : std::uint16_t{0};
    }
}

/// A warp's 16 queries.
template <int Dim>
class QueryTile {
public:
    __device__ QueryTile(const AttentionPlan& plan, const std::uint16_t* q, std::int64_t first)
        : plan_(plan), first_(first), scale_(plan.scale * kLog2E) {
#pragma unroll
        for (int row = 0; row < 2; ++row) last_[row] = lastKey(plan, query(row));
#pragma unroll
        for (int step = 0; step < Dim / 16; ++step)
#pragma unroll
            for (int part = 0; part < 4; ++part)
                queries_[step][part] = pairOf(q, query(part % 2), step * 16 + part / 2 * 8 + 2 * t());
    }

    /// Takes in the keys from `first` on. All lanes of the warp call it.
    __device__ void take(const std::uint16_t (&keys)[kKeys][Dim + 8], const std::uint16_t (&values)[kKeys][Dim + 8],
                         std::int64_t first) {
        float scores[kKeyTiles][4] = {};
        multiplyKeys(keys, scores);
        if (first + kKeys - 1 > last_[0]) hideLater(first, scores);
        weigh(scores);
        multiplyValues(values, scores);
    }

    __device__ void store(std::uint16_t* out) {
#pragma unroll
        for (int row = 0; row < 2; ++row) {
            float total = total_[row];  // of the lane's own keys so far
            total += __shfl_xor_sync(0xffffffffU, total, 1);
            total += __shfl_xor_sync(0xffffffffU, total, 2);
            if (query(row) >= plan_.query_count) continue;
            std::uint16_t* const to = out + query(row) * plan_.output_stride;
#pragma unroll
            for (int tile = 0; tile < Dim / 8; ++tile)
#pragma unroll
                for (int e = 0; e < 2; ++e)
                    if (const int d = tile * 8 + 2 * t() + e; d < plan_.head_dim)
                        storeAs(sums_[tile][2 * row + e] / total, to + d);
        }
    }

private:
    __device__ static int g() { return static_cast<int>(threadIdx.x % 32) / 4; }
    __device__ static int t() { return static_cast<int>(threadIdx.x % 32) % 4; }
    __device__ std::int64_t query(int row) const { return first_ + g() + 8 * row; }

    __device__ std::uint32_t pairOf(const std::uint16_t* q, std::int64_t query, int d) const {
        if (query >= plan_.query_count) return 0;
        const std::uint16_t* const from = q + query * plan_.query_stride;
        const std::uint32_t low = d < plan_.head_dim ? from[d] : 0;
        const std::uint32_t high = d + 1 < plan_.head_dim ? from[d + 1] : 0;
        return low | high << 16U;
    }

    /// Keys are the columns of B, so a register of it is two neighbouring dimensions of a key.
    __device__ void multiplyKeys(const std::uint16_t (&keys)[kKeys][Dim + 8], float (&scores)[kKeyTiles][4]) const {
#pragma unroll
        for (int tile = 0; tile < kKeyTiles; ++tile) {
            const std::uint16_t* const key = keys[tile * 8 + g()];
#pragma unroll
            for (int step = 0; step < Dim / 16; ++step) {
                const auto* const at = reinterpret_cast<const std::uint32_t*>(key + step * 16 + 2 * t());
                multiplyAdd16x8x16(scores[tile], queries_[step], at[0], at[4]);
            }
        }
    }

    __device__ void hideLater(std::int64_t first, float (&scores)[kKeyTiles][4]) const {
#pragma unroll
        for (int tile = 0; tile < kKeyTiles; ++tile)
#pragma unroll
            for (int e = 0; e < 4; ++e)
                if (first + tile * 8 + 2 * t() + e % 2 > last_[e / 2]) scores[tile][e] = -INFINITY;
    }

    /// Scores to weights; what was summed so far is rescaled to the new largest score. Every query sees key 0, so that
    /// is finite from the first tile on.
    __device__ void weigh(float (&scores)[kKeyTiles][4]) {
#pragma unroll
        for (int row = 0; row < 2; ++row) {
            float largest = largest_[row];
#pragma unroll
            for (int tile = 0; tile < kKeyTiles; ++tile)
                largest = fmaxf(largest, fmaxf(scores[tile][2 * row], scores[tile][2 * row + 1]));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffU, largest, 1));
            largest = fmaxf(largest, __shfl_xor_sync(0xffffffffU, largest, 2));
            const float rescale = exp2f((largest_[row] - largest) * scale_);
            largest_[row] = largest;
            float total = total_[row] * rescale;
#pragma unroll
            for (int tile = 0; tile < kKeyTiles; ++tile)
#pragma unroll
                for (int e = 0; e < 2; ++e) {
                    float& score = scores[tile][2 * row + e];
                    score = exp2f((score - largest) * scale_);
                    total += score;
                }
            total_[row] = total;
#pragma unroll
            for (int tile = 0; tile < Dim / 8; ++tile) {
                sums_[tile][2 * row] *= rescale;
                sums_[tile][2 * row + 1] *= rescale;
            }
        }
    }

    /// The weights of 16 keys are the A of the product; its B has keys as rows, so pairs of keys of a dimension, which
    /// the transposing load brings: 8 keys, the next 8, and both for the next 8 dimensions.
    __device__ void multiplyValues(const std::uint16_t (&values)[kKeys][Dim + 8],
                                   const float (&weights)[kKeyTiles][4]) {
        const int lane = static_cast<int>(threadIdx.x % 32);
#pragma unroll
        for (int step = 0; step < kKeys / 16; ++step) {
            std::uint32_t rounded[4];
            std::uint32_t rest[4];
#pragma unroll
            for (int part = 0; part < 4; ++part) {
                const float(&four)[4] = weights[2 * step + part / 2];
                const Split split(four[part % 2 * 2], four[part % 2 * 2 + 1]);
                rounded[part] = split.rounded;
                rest[part] = split.rest;
            }
#pragma unroll
            for (int tile = 0; tile < Dim / 8; tile += 2) {
                std::uint32_t b[4];
                loadTransposed(b, &values[step * 16 + lane % 16][tile * 8 + lane / 16 * 8]);
                multiplyAdd16x8x16(sums_[tile], rounded, b[0], b[1]);
                multiplyAdd16x8x16(sums_[tile], rest, b[0], b[1]);
                multiplyAdd16x8x16(sums_[tile + 1], rounded, b[2], b[3]);
                multiplyAdd16x8x16(sums_[tile + 1], rest, b[2], b[3]);
            }
        }
    }

    const AttentionPlan& plan_;
    std::int64_t first_;
    float scale_;
    std::int64_t last_[2];
    std::uint32_t queries_[Dim / 16][4];
    float largest_[2] = {-INFINITY, -INFINITY};
    float total_[2] = {};
    float sums_[Dim / 8][4] = {};
};

template <int Dim>
__global__ void __launch_bounds__(kBlockThreads)
    attend(AttentionPlan plan, const std::uint16_t* q, const std::uint16_t* k, const std::uint16_t* v,
           std::uint16_t* out, bool by_eight) {
    __shared__ __align__(16) std::uint16_t keys[kKeys][Dim + 8];  // 8 more: rows begin 4 banks apart
    __shared__ __align__(16) std::uint16_t values[kKeys][Dim + 8];
    const AttentionTask task = AttentionTask::ofBlock(plan, kQueries);
    const std::int64_t mine = task.first + static_cast<int>(threadIdx.x / 32) * 16;
    const std::int64_t end = lastKey(plan, task.first + kQueries - 1) + 1;
    const std::int64_t warp_end = lastKey(plan, mine + 15) + 1;
    QueryTile<Dim> tile(plan, q + task.query, mine);
    for (std::int64_t first = 0; first < end; first += kKeys) {
        __syncthreads();  // all are done with the tile before
        loadRows<Dim>(k + task.key, plan.key_stride, first, plan, by_eight, keys);
        loadRows<Dim>(v + task.value, plan.value_stride, first, plan, by_eight, values);
        __syncthreads();
        if (first < warp_end) tile.take(keys, values, first);  // the same for the whole warp
    }
    tile.store(out + task.output);
}

bool isAligned(const void* pointer) {
    return reinterpret_cast<std::uintptr_t>(pointer) % 16 == 0;
}

}  // namespace

CudaStatus attendOnTensorCores(CudaContext* context, const AttentionPlan& plan, const std::uint16_t* q,
                               const std::uint16_t* k, const std::uint16_t* v, std::uint16_t* out) {
    const unsigned blocks = attentionBlocks(plan, kQueries);
    if (blocks == 0) return tooLarge("attention");
    const bool by_eight = isAligned(k) && isAligned(v) && plan.head_dim % 8 == 0 && plan.key_stride % 8 == 0 &&
                          plan.value_stride % 8 == 0;
    if (plan.head_dim <= 64)
        attend<64><<<blocks, kBlockThreads, 0, context->stream>>>(plan, q, k, v, out, by_eight);
    else
        attend<kMostTensorDim><<<blocks, kBlockThreads, 0, context->stream>>>(plan, q, k, v, out, by_eight);
    return launched("attention");
}

}  // namespace quantoscope::kernels::cuda
