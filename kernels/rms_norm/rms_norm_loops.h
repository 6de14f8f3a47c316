// One row of rmsNorm() for one instruction set; see kernels/base/simd.h.
#pragma once

#include <cmath>

#include "kernels/base/simd_bfloat16.h"

namespace quantoscope::kernels::QS_SIMD {

inline float sumOfSquares(const float* x, std::int64_t columns) {
    Floats even = all(0.0F);
    Floats odd = all(0.0F);
    std::int64_t c = 0;
    for (; c + 2 * kWidth <= columns; c += 2 * kWidth) {
        const Floats a = load(x + c);
        const Floats b = load(x + c + kWidth);
        even = multiplyAdd(a, a, even);
        odd = multiplyAdd(b, b, odd);
    }
    for (; c < columns; c += kWidth) {
        const Floats a = loadFirst(x + c, columns - c < kWidth ? columns - c : kWidth);
        even = multiplyAdd(a, a, even);
    }
    return sumOfLanes(even + odd);
}

template <typename Output>
void rmsNormRow(const float* x, const float* weight, float epsilon, std::int64_t columns, Output* y) {
    const float mean = sumOfSquares(x, columns) / static_cast<float>(columns);
    const Floats scale = all(1.0F / __builtin_sqrtf(mean + epsilon));
    std::int64_t c = 0;
    for (; c + kWidth <= columns; c += kWidth) storeAs(y + c, load(weight + c) * (load(x + c) * scale));
    if (c < columns) {
        const auto rest = columns - c;
        storeFirstAs(y + c, loadFirst(weight + c, rest) * (loadFirst(x + c, rest) * scale), rest);
    }
}

void rmsNormRowFloat32(const float* x, const float* weight, float epsilon, std::int64_t columns, float* y) {
    rmsNormRow(x, weight, epsilon, columns, y);
}
void rmsNormRowBfloat16(const float* x, const float* weight, float epsilon, std::int64_t columns, std::uint16_t* y) {
    rmsNormRow(x, weight, epsilon, columns, y);
}

}  // namespace quantoscope::kernels::QS_SIMD
