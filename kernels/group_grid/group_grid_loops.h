// The vector form of one contiguous group, compiled once for AVX2 and once for AVX-512.
#pragma once

#include <algorithm>

#include "kernels/base/simd.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope::kernels::QS_SIMD {
namespace {

void groupRange(const float* values, std::int64_t count, float& lo, float& hi) {
    lo = hi = values[0];
    std::int64_t j = 0;
    if (count >= kWidth) {
        Floats low = load(values);
        Floats high = low;
        for (j = kWidth; j + kWidth <= count; j += kWidth) {
            const Floats some = load(values + j);
            low = minimum(low, some);
            high = maximum(high, some);
        }
        float lows[kWidth];
        float highs[kWidth];
        store(lows, low);
        store(highs, high);
        lo = *std::min_element(lows, lows + kWidth);
        hi = *std::max_element(highs, highs + kWidth);
    }
    for (; j < count; ++j) {
        lo = std::min(lo, values[j]);
        hi = std::max(hi, values[j]);
    }
}

/// A grid in every lane.
struct Grid {
    Floats scale;
    Floats zero;
    Floats top;

    Grid(GridPoint point, int bits)
        : scale(all(point.scale)), zero(all(point.zero_point)), top(all(static_cast<float>((1 << bits) - 1))) {}
    Floats codes(Floats weights) const {
        return minimum(maximum(roundToWhole(weights / scale) + zero, all(0.0F)), top);
    }
    Floats values(Floats weights) const { return scale * (codes(weights) - zero); }
};

void groupEncode(const float* weights, std::int64_t count, GridPoint point, int bits, std::uint8_t* codes) {
    const Grid grid(point, bits);
    std::int64_t j = 0;
    for (; j + kWidth <= count; j += kWidth) storeBytes(codes + j, grid.codes(load(weights + j)));
    if (j == count) return;
    std::uint8_t last[kWidth];
    storeBytes(last, grid.codes(loadFirst(weights + j, count - j)));
    std::copy_n(last, count - j, codes + j);
}

void groupRound(const float* weights, std::int64_t count, GridPoint point, int bits, float* values) {
    const Grid grid(point, bits);
    std::int64_t j = 0;
    for (; j + kWidth <= count; j += kWidth) store(values + j, grid.values(load(weights + j)));
    if (j < count) storeFirst(values + j, grid.values(loadFirst(weights + j, count - j)), count - j);
}

void groupScale(const float* weights, const float* scales, std::int64_t count, float* scaled) {
    std::int64_t j = 0;
    for (; j + kWidth <= count; j += kWidth) store(scaled + j, load(weights + j) * load(scales + j));
    if (j < count)
        storeFirst(scaled + j, loadFirst(weights + j, count - j) * loadFirst(scales + j, count - j), count - j);
}

void groupScaledError(const float* weights, const float* scales, std::int64_t count, GridPoint point, int bits,
                      float* scaled) {
    const Grid grid(point, bits);
    std::int64_t j = 0;
    for (; j + kWidth <= count; j += kWidth)
        store(scaled + j, grid.values(load(scaled + j)) / load(scales + j) - load(weights + j));
    for (; j < count; ++j) {  // one by one: a vector would divide by lanes that are not there
        float value[kWidth];
        store(value, grid.values(all(scaled[j])));
        scaled[j] = value[0] / scales[j] - weights[j];
    }
}

}  // namespace

GroupFunctions groupFunctions() {
    return {groupRange, groupEncode, groupRound, groupScale, groupScaledError};
}
}  // namespace quantoscope::kernels::QS_SIMD
