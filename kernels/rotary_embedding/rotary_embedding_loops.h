// One token of rotaryEmbedding() for one instruction set; see kernels/base/simd.h.
#pragma once

#include "kernels/base/simd_bfloat16.h"

namespace quantoscope::kernels::QS_SIMD {

template <typename Output>
void rotateToken(const float* x, std::int64_t head_count, std::int64_t half, const float* cosine, const float* sine,
                 Output* y) {
    for (std::int64_t head = 0; head < head_count; ++head, x += 2 * half, y += 2 * half) {
        for (std::int64_t p = 0; p < half; p += kWidth) {
            const auto lanes = half - p < kWidth ? half - p : kWidth;
            const Floats c = loadFirst(cosine + p, lanes);
            const Floats s = loadFirst(sine + p, lanes);
            const Floats low = loadFirst(x + p, lanes);
            const Floats high = loadFirst(x + half + p, lanes);
            const Floats new_low = low * c - high * s;
            const Floats new_high = high * c + low * s;
            if (lanes == kWidth) {
                storeAs(y + p, new_low);
                storeAs(y + half + p, new_high);
            } else {
                storeFirstAs(y + p, new_low, lanes);
                storeFirstAs(y + half + p, new_high, lanes);
            }
        }
    }
}

void rotateTokenFloat32(const float* x, std::int64_t head_count, std::int64_t half, const float* cosine,
                        const float* sine, float* y) {
    rotateToken(x, head_count, half, cosine, sine, y);
}
void rotateTokenBfloat16(const float* x, std::int64_t head_count, std::int64_t half, const float* cosine,
                         const float* sine, std::uint16_t* y) {
    rotateToken(x, head_count, half, cosine, sine, y);
}

}  // namespace quantoscope::kernels::QS_SIMD
