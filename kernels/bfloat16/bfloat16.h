// float32 to bfloat16 bit patterns and back, for whole arrays. Rounds to nearest, ties to even; NaN stays NaN (quiet).
#pragma once

#include <bit>
#include <cstdint>

namespace quantoscope::kernels {

inline std::uint16_t toBfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7fffffffU) > 0x7f800000U) return static_cast<std::uint16_t>((bits >> 16U) | 0x40U);
    return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U);
}
inline float fromBfloat16(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}
inline float roundToBfloat16(float value) {
    return fromBfloat16(toBfloat16(value));
}

void convertToBfloat16(const float* values, std::int64_t count, std::uint16_t* bits);
void convertFromBfloat16(const std::uint16_t* bits, std::int64_t count, float* values);

}  // namespace quantoscope::kernels
