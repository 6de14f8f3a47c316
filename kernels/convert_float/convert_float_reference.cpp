#include <bit>
#include <cmath>
#include <cstring>

#include "kernels/convert_float/convert_float.h"

namespace quantoscope::kernels {

float halfToFloat(std::uint16_t bits) {
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1fU;
    const std::uint32_t fraction = bits & 0x3ffU;
    if (exponent == 0) {
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
    }
    if (exponent == 31)
        return std::bit_cast<float>(sign | 0x7f800000U | (fraction << 13) | (fraction != 0 ? 0x400000U : 0U));
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (fraction << 13));
}

std::uint16_t floatToHalf(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    if (magnitude > 0x7f800000U) return static_cast<std::uint16_t>(sign | 0x7e00U | ((magnitude >> 13) & 0x3ffU));
    if (magnitude >= 0x477ff000U)
        return static_cast<std::uint16_t>(sign | 0x7c00U);  // 65520 and above round to infinity
    if (magnitude < 0x38800000U) {  // below 2^-14: subnormal; adding 0.5 makes the FPU round at bit 2^-24, ties to even
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000U));
    }
    const std::uint32_t rounded = magnitude + 0xfffU + ((magnitude >> 13) & 1U);
    return static_cast<std::uint16_t>(sign | ((rounded - 0x38000000U) >> 13));
}

namespace reference {
namespace {
std::uint16_t load16(const void* source, std::size_t i) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, static_cast<const char*>(source) + 2 * i, 2);
    return bits;
}
void store16(void* target, std::size_t i, std::uint16_t bits) {
    std::memcpy(static_cast<char*>(target) + 2 * i, &bits, 2);
}
}  // namespace

void bfloat16ToFloat(const void* source, float* target, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) target[i] = kernels::bfloat16ToFloat(load16(source, i));
}
void halfToFloat(const void* source, float* target, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) target[i] = kernels::halfToFloat(load16(source, i));
}
void floatToBfloat16(const float* source, void* target, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) store16(target, i, kernels::floatToBfloat16(source[i]));
}
void floatToHalf(const float* source, void* target, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) store16(target, i, kernels::floatToHalf(source[i]));
}
void roundToBfloat16(float* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] = kernels::bfloat16ToFloat(kernels::floatToBfloat16(values[i]));
}

}  // namespace reference
}  // namespace quantoscope::kernels
