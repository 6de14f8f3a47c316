#include <array>
#include <cstring>

#include "kernels/convert_float/convert_float.h"
#include "kernels/dequantize_gguf/dequantize_gguf.h"

namespace quantoscope::kernels {
namespace {

struct Layout {
    std::size_t elements;
    std::size_t bytes;
};
constexpr std::array<Layout, 10> kLayouts{
    {{32, 18}, {32, 20}, {32, 22}, {32, 24}, {32, 34}, {256, 84}, {256, 110}, {256, 144}, {256, 176}, {256, 210}}};

using Block = const std::uint8_t*;

float half(Block bytes) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, bytes, 2);
    return halfToFloat(bits);
}

int nibble(Block codes, std::size_t i) {
    return i < 16 ? codes[i] & 15 : codes[i - 16] >> 4;
}
int fifthBit(Block bits, std::size_t i) {
    return ((bits[i / 8] >> (i % 8)) & 1) << 4;
}

float q4_0(Block b, std::size_t i) {
    return static_cast<float>(nibble(b + 2, i) - 8) * half(b);
}
float q4_1(Block b, std::size_t i) {
    return static_cast<float>(nibble(b + 4, i)) * half(b) + half(b + 2);
}
float q5_0(Block b, std::size_t i) {
    return static_cast<float>((nibble(b + 6, i) | fifthBit(b + 2, i)) - 16) * half(b);
}
float q5_1(Block b, std::size_t i) {
    return static_cast<float>(nibble(b + 8, i) | fifthBit(b + 4, i)) * half(b) + half(b + 2);
}
float q8_0(Block b, std::size_t i) {
    return static_cast<float>(static_cast<std::int8_t>(b[2 + i])) * half(b);
}

/// Two bits of element i, as Q2_K and Q3_K store them.
int twoBits(Block codes, std::size_t i) {
    return (codes[32 * (i / 128) + i % 32] >> (2 * ((i % 128) / 32))) & 3;
}

float q2_k(Block b, std::size_t i) {
    const int scales = b[i / 16];
    const float scale = half(b + 80) * static_cast<float>(scales & 15);
    const float offset = half(b + 82) * static_cast<float>(scales >> 4);
    return scale * static_cast<float>(twoBits(b + 16, i)) - offset;
}

float q3_k(Block b, std::size_t i) {
    Block packed = b + 96;
    const std::size_t k = i / 16;
    const int low = k < 8 ? packed[k] & 15 : packed[k - 8] >> 4;
    const int high = (packed[8 + k % 4] >> (2 * (k / 4))) & 3;
    const float scale = half(b + 108) * static_cast<float>((low | high << 4) - 32);
    const int third = (b[i % 32] >> (i / 32)) & 1;
    return scale * static_cast<float>((twoBits(b + 32, i) | third << 2) - 4);
}

/// Sub-scale and sub-minimum j (0..7) of Q4_K and Q5_K, 6 bits each.
int subScale(Block s, std::size_t j) {
    return j < 4 ? s[j] & 63 : (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
}
int subMinimum(Block s, std::size_t j) {
    return j < 4 ? s[j + 4] & 63 : (s[j + 4] >> 4) | (s[j] >> 6) << 4;
}

float q4or5_k(Block b, std::size_t i, int code) {
    const float scale = half(b) * static_cast<float>(subScale(b + 4, i / 32));
    const float offset = half(b + 2) * static_cast<float>(subMinimum(b + 4, i / 32));
    return scale * static_cast<float>(code) - offset;
}
int nibbleOf64(Block codes, std::size_t i) {
    return (codes[32 * (i / 64) + i % 32] >> (4 * ((i % 64) / 32))) & 15;
}

float q4_k(Block b, std::size_t i) {
    return q4or5_k(b, i, nibbleOf64(b + 16, i));
}
float q5_k(Block b, std::size_t i) {
    const int fifth = (b[16 + i % 32] >> (i / 32)) & 1;
    return q4or5_k(b, i, nibbleOf64(b + 48, i) | fifth << 4);
}

float q6_k(Block b, std::size_t i) {
    const std::size_t n = i / 128;
    const std::size_t g = (i % 128) / 32;
    const std::size_t l = i % 32;
    const int low = (b[64 * n + l + 32 * (g & 1)] >> (4 * (g >> 1))) & 15;
    const int high = (b[128 + 32 * n + l] >> (2 * g)) & 3;
    const float scale = half(b + 208) * static_cast<float>(static_cast<std::int8_t>(b[192 + i / 16]));
    return scale * static_cast<float>((low | high << 4) - 32);
}

constexpr std::array kElement{q4_0, q4_1, q5_0, q5_1, q8_0, q2_k, q3_k, q4_k, q5_k, q6_k};

}  // namespace

std::size_t blockElements(GgufBlock type) {
    return kLayouts[static_cast<std::size_t>(type)].elements;
}
std::size_t blockBytes(GgufBlock type) {
    return kLayouts[static_cast<std::size_t>(type)].bytes;
}

void reference::dequantizeGguf(GgufBlock type, const void* blocks, std::size_t block_count, float* values) {
    const auto element = kElement[static_cast<std::size_t>(type)];
    const std::size_t elements = blockElements(type);
    for (std::size_t block = 0; block < block_count; ++block) {
        Block bytes = static_cast<Block>(blocks) + block * blockBytes(type);
        for (std::size_t i = 0; i < elements; ++i) values[block * elements + i] = element(bytes, i);
    }
}

}  // namespace quantoscope::kernels
