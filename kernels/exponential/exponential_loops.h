// exponential() for one instruction set; see kernels/base/simd.h.
#pragma once

#include "kernels/exponential/exponential_of.h"

namespace quantoscope::kernels::QS_SIMD {

void exponential(const float* x, std::int64_t count, float* y) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) store(y + i, exponentialOf(load(x + i)));
    if (i < count) storeFirst(y + i, exponentialOf(loadFirst(x + i, count - i)), count - i);
}

}  // namespace quantoscope::kernels::QS_SIMD
