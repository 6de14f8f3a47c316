#pragma once
#include "kernels/convert_float/convert_float.h"
namespace quantoscope::kernels {
inline float fromBfloat16(std::uint16_t bits) {
    return bfloat16ToFloat(bits);
}
}  // namespace quantoscope::kernels
