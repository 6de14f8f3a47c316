// Maximum and sum of exponentials of one row for one instruction set; see kernels/base/simd.h.
#pragma once

#include "kernels/exponential/exponential_of.h"

namespace quantoscope::kernels::QS_SIMD {

float rowMaximum(const float* x, std::int64_t columns) {
    Floats a = all(-__builtin_inff());
    Floats b = a;
    std::int64_t c = 0;
    for (; c + 2 * kWidth <= columns; c += 2 * kWidth) {
        a = maximum(a, load(x + c));
        b = maximum(b, load(x + c + kWidth));
    }
    float largest = largestLane(maximum(a, b));
    for (; c < columns; ++c) largest = x[c] > largest ? x[c] : largest;
    return largest;
}

float rowSumOfExponentials(const float* x, std::int64_t columns, float shift) {
    const Floats down = all(shift);
    Floats a = all(0.0F);
    Floats b = a;
    std::int64_t c = 0;
    for (; c + 2 * kWidth <= columns; c += 2 * kWidth) {
        a = a + exponentialOf(load(x + c) - down);
        b = b + exponentialOf(load(x + c + kWidth) - down);
    }
    float rest[kWidth];
    float sum = sumOfLanes(a + b);
    for (; c < columns; c += kWidth) {
        const auto lanes = columns - c < kWidth ? columns - c : kWidth;
        store(rest, exponentialOf(loadFirst(x + c, lanes) - down));
        for (std::int64_t i = 0; i < lanes; ++i) sum += rest[i];
    }
    return sum;
}

}  // namespace quantoscope::kernels::QS_SIMD
