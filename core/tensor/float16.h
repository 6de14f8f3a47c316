// IEEE binary16 by bits: for stored maps and scales.
#pragma once

#include <bit>
#include <cstdint>

namespace quantoscope {

/// To nearest, ties to even; above 65504 (rounded) infinity; NaN stays NaN.
constexpr std::uint16_t floatToHalf(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > 0x7F800000U) return static_cast<std::uint16_t>(sign | 0x7E00U);
    if (magnitude >= 0x477FF000U) return static_cast<std::uint16_t>(sign | 0x7C00U);
    if (magnitude < 0x33000001U) return sign;  // at most half of the smallest subnormal
    const std::uint32_t exponent = magnitude >> 23;
    // Below 2^-14 the result is subnormal: the mantissa with its leading one is shifted further.
    const std::uint32_t mantissa = exponent < 113 ? ((magnitude & 0x7FFFFFU) | 0x800000U) : magnitude - (112U << 23);
    const std::uint32_t shift = exponent < 113 ? 126 - exponent : 13;
    const std::uint32_t kept = mantissa >> shift;
    const std::uint32_t rest = mantissa & ((1U << shift) - 1);
    const std::uint32_t half = 1U << (shift - 1);
    const std::uint32_t up = rest > half || (rest == half && (kept & 1U) != 0) ? 1 : 0;
    return static_cast<std::uint16_t>(sign | (kept + up));
}

constexpr float halfToFloat(std::uint16_t half) {
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1FU;
    const std::uint32_t mantissa = half & 0x3FFU;
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000U | (mantissa << 13));
    if (exponent != 0) return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
    const float subnormal = static_cast<float>(mantissa) * 0x1p-24F;
    return sign != 0 ? -subnormal : subnormal;
}

}  // namespace quantoscope
