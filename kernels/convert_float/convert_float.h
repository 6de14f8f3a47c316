// 16-bit floats to and from float32.
//
// All functions: `source` and `target` hold `count` values and do not overlap; 16-bit pointers need no alignment (they
// may point into a mapped file). Rounding is to nearest, ties to even; results beyond the range become infinities,
// small ones become subnormals. A NaN stays a quiet NaN with its sign and the payload bits that fit. Every version
// gives the same bits.
#pragma once

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

/// One value each, for headers of blocks and for tests.
float bfloat16ToFloat(std::uint16_t bits);
float halfToFloat(std::uint16_t bits);
std::uint16_t floatToBfloat16(float value);
std::uint16_t floatToHalf(float value);

/// The definition, in plain loops.
namespace reference {
void bfloat16ToFloat(const void* source, float* target, std::size_t count);
void halfToFloat(const void* source, float* target, std::size_t count);
void floatToBfloat16(const float* source, void* target, std::size_t count);
void floatToHalf(const float* source, void* target, std::size_t count);
void roundToBfloat16(float* values, std::size_t count);
}  // namespace reference

/// Needs AVX2 and F16C; called through the functions above.
namespace avx2 {
void bfloat16ToFloat(const void* source, float* target, std::size_t count);
void halfToFloat(const void* source, float* target, std::size_t count);
void floatToBfloat16(const float* source, void* target, std::size_t count);
void floatToHalf(const float* source, void* target, std::size_t count);
void roundToBfloat16(float* values, std::size_t count);
}  // namespace avx2

}  // namespace quantoscope::kernels
