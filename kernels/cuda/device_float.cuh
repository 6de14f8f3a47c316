// Numbers on the device: bfloat16 by its bits as kernels/convert_float defines it, and reductions in a fixed tree.
#pragma once

#include <cuda_runtime.h>

#include <cstdint>

namespace quantoscope::kernels::cuda {

__device__ inline float asFloat(float value) {
    return value;
}
__device__ inline float asFloat(std::uint16_t bits) {
    return __uint_as_float(static_cast<std::uint32_t>(bits) << 16U);
}

/// Writes a result as the output's type: float32 as it is, bfloat16 to nearest, ties to even, NaN kept quiet.
__device__ inline void storeAs(float value, float* to) {
    *to = value;
}
__device__ inline void storeAs(float value, std::uint16_t* to) {
    const std::uint32_t bits = __float_as_uint(value);
    const bool is_nan = (bits & 0x7fffffffU) > 0x7f800000U;
    *to = static_cast<std::uint16_t>(is_nan ? (bits >> 16U) | 0x40U : (bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U);
}

struct Add {
    template <typename Number>
    __device__ Number operator()(Number a, Number b) const {
        return a + b;
    }
};
struct Smaller {
    __device__ float operator()(float a, float b) const { return fminf(a, b); }
};
struct Larger {
    __device__ float operator()(float a, float b) const { return fmaxf(a, b); }
};

/// Combines one value of every lane of a warp; all get the result, the same one. Always the same tree. All 32 lanes
/// must call it.
template <typename Number, typename Operation>
__device__ Number combineWarp(Number value, Operation operation) {
    for (int distance = 16; distance > 0; distance /= 2)
        value = operation(value, __shfl_xor_sync(0xffffffffU, value, distance));
    return value;
}

/// Combines one value of every thread of a block of `Threads` (a multiple of 32, at most 1024); all get the result.
/// Always the same tree. Every thread of the block must call it; it may be called again at once.
template <int Threads, typename Number, typename Operation>
__device__ Number combineBlock(Number value, Operation operation) {
    static_assert(Threads % 32 == 0 && Threads <= 1024);
    constexpr int kWarps = Threads / 32;
    __shared__ Number of_warp[kWarps];
    value = combineWarp(value, operation);
    if (threadIdx.x % 32 == 0) of_warp[threadIdx.x / 32] = value;
    __syncthreads();
    Number result = of_warp[0];
    for (int warp = 1; warp < kWarps; ++warp) result = operation(result, of_warp[warp]);
    __syncthreads();  // nobody may write of_warp again before all have read it
    return result;
}

}  // namespace quantoscope::kernels::cuda
