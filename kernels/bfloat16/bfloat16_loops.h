// Conversions for one instruction set; see kernels/base/simd.h.
#pragma once

#include "kernels/base/simd.h"

namespace quantoscope::kernels::QS_SIMD {

void convertToBfloat16(const float* values, std::int64_t count, std::uint16_t* bits) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) storeBfloat16(bits + i, load(values + i));
    if (i < count) storeBfloat16First(bits + i, loadFirst(values + i, count - i), count - i);
}

void convertFromBfloat16(const std::uint16_t* bits, std::int64_t count, float* values) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) store(values + i, loadBfloat16(bits + i));
    if (i < count) storeFirst(values + i, loadBfloat16First(bits + i, count - i), count - i);
}

}  // namespace quantoscope::kernels::QS_SIMD
