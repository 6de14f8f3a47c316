// The grid of one group on the device, found by a whole warp: the arithmetic of group_grid_reference.cpp, step by step.
#pragma once

#include <cuda_fp16.h>

#include <cstdint>

#include "kernels/cuda/device_float.cuh"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope::kernels::cuda {

__device__ inline float largestCode(int bits) {
    return static_cast<float>((1 << bits) - 1);
}

__device__ inline float codeOf(float weight, GridPoint grid, float largest) {
    return fminf(fmaxf(rintf(weight / grid.scale) + grid.zero_point, 0.0F), largest);
}
__device__ inline float valueOfCode(float code, GridPoint grid) {
    return grid.scale * (code - grid.zero_point);
}

__device__ inline float storedScale(float scale, const GridOptions& options) {
    constexpr float kSmallestNormalHalf = 6.103515625e-05F;  // 2^-14
    constexpr float kLargestHalf = 65504.0F;
    if (!options.float16_scales) return scale;
    const float rounded = __half2float(__float2half_rn(fminf(scale, kLargestHalf)));
    return rounded > 0.0F ? rounded : kSmallestNormalHalf;
}

__device__ inline float clampedZero(float lo, float scale, float largest) {
    const float zero = -rintf(lo / scale);
    return zero > 0.0F ? fminf(zero, largest) : 0.0F;  // no negative zero
}

__device__ inline GridPoint gridAsIs(float lo, float hi, const GridOptions& options) {
    constexpr float kLeastRange = 1e-5F;
    const auto half = static_cast<float>(1 << (options.bits - 1));
    if (options.symmetric) {
        const float bound = fmaxf(fmaxf(fabsf(lo), fabsf(hi)), kLeastRange);
        return {storedScale(bound / (half - 1.0F), options), half};
    }
    const float largest = largestCode(options.bits);
    const float scale = storedScale(fmaxf(hi - lo, kLeastRange) / largest, options);
    return {scale, clampedZero(lo, scale, largest)};
}

__device__ inline GridPoint gridWithZero(float lo, float hi, const GridOptions& options) {
    const float largest = largestCode(options.bits);
    float scale = (hi - lo) / largest;
    if (scale <= 0.0F) {
        lo = -1.0F;
        scale = 2.0F / largest;
    }
    scale = storedScale(scale, options);
    if (options.symmetric) return {scale, static_cast<float>(1 << (options.bits - 1))};
    return {scale, clampedZero(lo, scale, largest)};
}

__device__ inline void widenRange(float& lo, float& hi, bool symmetric) {
    lo = fminf(lo, 0.0F);
    hi = fmaxf(hi, 0.0F);
    if (!symmetric) return;
    hi = fmaxf(-lo, hi);
    if (lo < 0.0F) lo = -hi;
}

/// The least sum of |error|^2.4 over 80 shrunken ranges; lo and hi are widened already. Every lane gets the answer.
template <typename ValueAt>
__device__ GridPoint searchedGrid(const ValueAt& valueAt, std::int64_t count, float lo, float hi, GridPoint whole,
                                  const GridOptions& options) {
    constexpr int kSteps = 80;
    constexpr float kNorm = 2.4F;
    const float largest = largestCode(options.bits);
    GridPoint best = whole;
    double least = 0.0;
    for (int step = 0; step < kSteps; ++step) {
        const auto part = static_cast<float>(1.0 - step / 100.0);
        const GridPoint candidate = gridWithZero(part * lo, part * hi, options);
        double error = 0.0;
        for (std::int64_t j = threadIdx.x % 32; j < count; j += 32) {
            const float weight = valueAt(j);
            const float change = valueOfCode(codeOf(weight, candidate, largest), candidate) - weight;
            error += static_cast<double>(powf(fabsf(change), kNorm));
        }
        error = combineWarp(error, Add{});
        if (step > 0 && !(error < least)) continue;
        least = error;
        best = candidate;
    }
    return best;
}

/// Of valueAt(0) .. valueAt(count - 1), count > 0. All lanes of a warp call it, with the same arguments, and get the
/// same answer; a lane asks for the values at its number, 32 further, and so on, and for no other.
template <typename ValueAt>
__device__ GridPoint gridOfGroup(const ValueAt& valueAt, std::int64_t count, const GridOptions& options) {
    float lo = INFINITY;
    float hi = -INFINITY;
    for (std::int64_t j = threadIdx.x % 32; j < count; j += 32) {
        const float value = valueAt(j);
        lo = fminf(lo, value);
        hi = fmaxf(hi, value);
    }
    lo = combineWarp(lo, Smaller{});
    hi = combineWarp(hi, Larger{});
    if (options.range == GridRange::as_is) return gridAsIs(lo, hi, options);
    widenRange(lo, hi, options.symmetric);
    const GridPoint whole = gridWithZero(lo, hi, options);
    return options.search_range ? searchedGrid(valueAt, count, lo, hi, whole, options) : whole;
}

}  // namespace quantoscope::kernels::cuda
