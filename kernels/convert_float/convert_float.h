// 16-bit floats (bit patterns) to and from float32: bfloat16 and float16 ("half").
//
// Arrays: `source` and `target` hold `count` values and do not overlap; 16-bit pointers need no alignment (they may
// point into a mapped file); long arrays are shared between threads. Rounding is to nearest, ties to even; results
// beyond the range become infinities, small ones become subnormals. A NaN stays a quiet NaN with its sign and the
// payload bits that fit; widening a bfloat16 keeps all its bits. Every version gives the same bits.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace quantoscope::kernels {

void bfloat16ToFloat(const void* source, float* target, std::size_t count);
void halfToFloat(const void* source, float* target, std::size_t count);
void floatToBfloat16(const float* source, void* target, std::size_t count);
void floatToHalf(const float* source, void* target, std::size_t count);
/// In place: the values as bfloat16 would hold them.
void roundToBfloat16(float* values, std::size_t count);
/// How many values are infinite or not a number.
std::size_t countNonFinite(const float* values, std::size_t count);

// One value each. Those of bfloat16 stand in loops of files compiled for one instruction set: always inlined, so that
// the linker has no copy to mix up.
[[gnu::always_inline]] inline float bfloat16ToFloat(std::uint16_t bits) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U);
}
[[gnu::always_inline]] inline std::uint16_t floatToBfloat16(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7fffffffU) > 0x7f800000U) return static_cast<std::uint16_t>((bits >> 16U) | 0x40U);
    return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U);
}
[[gnu::always_inline]] inline float roundToBfloat16(float value) {
    return bfloat16ToFloat(floatToBfloat16(value));
}
float halfToFloat(std::uint16_t bits);
std::uint16_t floatToHalf(float value);

/// One name for both element types of activations: float32, and bfloat16 by its bits.
[[gnu::always_inline]] inline float widened(float value) {
    return value;
}
[[gnu::always_inline]] inline float widened(std::uint16_t bits) {
    return bfloat16ToFloat(bits);
}

/// The definition, in plain loops.
namespace reference {
void bfloat16ToFloat(const void* source, float* target, std::size_t count);
void halfToFloat(const void* source, float* target, std::size_t count);
void floatToBfloat16(const float* source, void* target, std::size_t count);
void floatToHalf(const float* source, void* target, std::size_t count);
void roundToBfloat16(float* values, std::size_t count);
}  // namespace reference

}  // namespace quantoscope::kernels
