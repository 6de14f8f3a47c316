// The vector form of one contiguous group, compiled once for AVX2 and once for AVX-512.
#pragma once

#include <algorithm>

#include "kernels/base/lanes.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope::kernels {
namespace {  // NOLINT: one definition for each instruction set

void groupRange(const float* values, std::int64_t count, float& lo, float& hi) {
    constexpr std::int64_t kStep = Lanes::kCount;
    lo = hi = values[0];
    std::int64_t j = 0;
    if (count >= kStep) {
        Lanes low = Lanes::load(values);
        Lanes high = low;
        for (j = kStep; j + kStep <= count; j += kStep) {
            const Lanes some = Lanes::load(values + j);
            low = Lanes::smaller(low, some);
            high = Lanes::larger(high, some);
        }
        float lows[kStep];
        float highs[kStep];
        low.store(lows);
        high.store(highs);
        lo = *std::min_element(lows, lows + kStep);
        hi = *std::max_element(highs, highs + kStep);
    }
    for (; j < count; ++j) {
        lo = std::min(lo, values[j]);
        hi = std::max(hi, values[j]);
    }
}

inline Lanes codesOf(Lanes weights, Lanes scale, Lanes zero, Lanes maximum) {
    return Lanes::smaller(Lanes::larger(Lanes::rounded(weights / scale) + zero, Lanes::zero()), maximum);
}

void groupEncode(const float* weights, std::int64_t count, GridPoint grid, int bits, std::uint8_t* codes) {
    constexpr std::int64_t kStep = Lanes::kCount;
    const Lanes scale = Lanes::all(grid.scale);
    const Lanes zero = Lanes::all(grid.zero_point);
    const Lanes maximum = Lanes::all(static_cast<float>((1 << bits) - 1));
    std::int64_t j = 0;
    for (; j + kStep <= count; j += kStep)
        codesOf(Lanes::load(weights + j), scale, zero, maximum).storeBytes(codes + j);
    if (j == count) return;
    std::uint8_t last[kStep];
    codesOf(Lanes::loadFirst(weights + j, static_cast<int>(count - j)), scale, zero, maximum).storeBytes(last);
    std::copy_n(last, count - j, codes + j);
}

void groupRound(const float* weights, std::int64_t count, GridPoint grid, int bits, float* values) {
    constexpr std::int64_t kStep = Lanes::kCount;
    const Lanes scale = Lanes::all(grid.scale);
    const Lanes zero = Lanes::all(grid.zero_point);
    const Lanes maximum = Lanes::all(static_cast<float>((1 << bits) - 1));
    std::int64_t j = 0;
    for (; j + kStep <= count; j += kStep)
        (scale * (codesOf(Lanes::load(weights + j), scale, zero, maximum) - zero)).store(values + j);
    if (j == count) return;
    const int rest = static_cast<int>(count - j);
    (scale * (codesOf(Lanes::loadFirst(weights + j, rest), scale, zero, maximum) - zero)).storeFirst(values + j, rest);
}

}  // namespace
}  // namespace quantoscope::kernels
