// siluMultiply() of a run of elements for one instruction set; see kernels/base/simd.h.
#pragma once

#include "kernels/base/simd_bfloat16.h"
#include "kernels/exponential/exponential_of.h"

namespace quantoscope::kernels::QS_SIMD {

inline Floats gated(Floats gate, Floats up) {
    const Floats one = all(1.0F);
    return gate / (one + exponentialOf(all(0.0F) - gate)) * up;
}

template <typename Output>
void siluMultiplyRun(const float* gate, const float* up, std::int64_t count, Output* y) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) storeAs(y + i, gated(load(gate + i), load(up + i)));
    if (i < count) {
        const auto rest = count - i;
        storeFirstAs(y + i, gated(loadFirst(gate + i, rest), loadFirst(up + i, rest)), rest);
    }
}

void siluMultiplyFloat32(const float* gate, const float* up, std::int64_t count, float* y) {
    siluMultiplyRun(gate, up, count, y);
}
void siluMultiplyBfloat16(const float* gate, const float* up, std::int64_t count, std::uint16_t* y) {
    siluMultiplyRun(gate, up, count, y);
}

}  // namespace quantoscope::kernels::QS_SIMD
