#include <immintrin.h>

#include <cstring>

#include "kernels/dequantize_gguf/dequantize_gguf.h"

namespace quantoscope::kernels::avx2 {
namespace {

using Block = const std::uint8_t*;

float half(Block bytes) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, bytes, 2);
    return _cvtsh_ss(bits);
}
__m128i load16(Block bytes) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
}
__m256i load32(Block bytes) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}

/// 16 signed codes times a scale, the offset added after rounding the product (never fused: the header's contract).
void store16(__m128i codes, float scale, float* values) {
    const __m256 s = _mm256_set1_ps(scale);
    _mm256_storeu_ps(values, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(codes)), s));
    _mm256_storeu_ps(values + 8, _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(codes, 8))), s));
}
void store16(__m128i codes, float scale, float offset, float* values) {
    const __m256 s = _mm256_set1_ps(scale);
    const __m256 m = _mm256_set1_ps(offset);
    const __m256 low = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(codes)), s);
    const __m256 high = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(_mm_srli_si128(codes, 8))), s);
    _mm256_storeu_ps(values, _mm256_add_ps(low, m));
    _mm256_storeu_ps(values + 8, _mm256_add_ps(high, m));
}
void store32(__m256i codes, float scale, float offset, float* values) {
    store16(_mm256_castsi256_si128(codes), scale, offset, values);
    store16(_mm256_extracti128_si256(codes, 1), scale, offset, values + 16);
}

__m128i lowNibbles(__m128i bytes) {
    return _mm_and_si128(bytes, _mm_set1_epi8(15));
}
__m128i highNibbles(__m128i bytes) {
    return lowNibbles(_mm_srli_epi16(bytes, 4));
}
__m128i minus(__m128i codes, char offset) {
    return _mm_sub_epi8(codes, _mm_set1_epi8(offset));
}

/// 16 bits, bit i as 16 in byte i.
__m128i spreadBits(Block bits) {
    std::uint16_t word = 0;
    std::memcpy(&word, bits, 2);
    const __m128i bytes = _mm_shuffle_epi8(_mm_cvtsi32_si128(word), _mm_set_epi64x(0x0101010101010101, 0));
    const __m128i mask = _mm_set1_epi64x(static_cast<long long>(0x8040201008040201ULL));
    const __m128i set = _mm_cmpeq_epi8(_mm_and_si128(bytes, mask), mask);
    return _mm_and_si128(set, _mm_set1_epi8(16));
}

void q4_0(Block b, float* values) {
    const __m128i codes = load16(b + 2);
    store16(minus(lowNibbles(codes), 8), half(b), values);
    store16(minus(highNibbles(codes), 8), half(b), values + 16);
}
void q4_1(Block b, float* values) {
    const __m128i codes = load16(b + 4);
    store16(lowNibbles(codes), half(b), half(b + 2), values);
    store16(highNibbles(codes), half(b), half(b + 2), values + 16);
}
void q5_0(Block b, float* values) {
    const __m128i codes = load16(b + 6);
    store16(minus(_mm_or_si128(lowNibbles(codes), spreadBits(b + 2)), 16), half(b), values);
    store16(minus(_mm_or_si128(highNibbles(codes), spreadBits(b + 4)), 16), half(b), values + 16);
}
void q5_1(Block b, float* values) {
    const __m128i codes = load16(b + 8);
    store16(_mm_or_si128(lowNibbles(codes), spreadBits(b + 4)), half(b), half(b + 2), values);
    store16(_mm_or_si128(highNibbles(codes), spreadBits(b + 6)), half(b), half(b + 2), values + 16);
}
void q8_0(Block b, float* values) {
    store16(load16(b + 2), half(b), values);
    store16(load16(b + 18), half(b), values + 16);
}

/// Two bits of 32 neighbouring codes; the shift stays inside 16-bit lanes and the mask drops what crosses bytes.
__m256i twoBits(Block codes, int shift) {
    return _mm256_and_si256(_mm256_srl_epi16(load32(codes), _mm_cvtsi32_si128(shift)), _mm256_set1_epi8(3));
}

void q2_k(Block b, float* values) {
    const float d = half(b + 80);
    const float dmin = half(b + 82);
    for (int part = 0; part < 8; ++part) {  // 32 elements each
        const __m256i codes = twoBits(b + 16 + 32 * (part / 4), 2 * (part % 4));
        for (int side = 0; side < 2; ++side) {
            const int scales = b[2 * part + side];
            const float scale = d * static_cast<float>(scales & 15);
            const float offset = dmin * static_cast<float>(scales >> 4);
            const __m128i lane = side == 0 ? _mm256_castsi256_si128(codes) : _mm256_extracti128_si256(codes, 1);
            store16(lane, scale, -offset, values + 32 * part + 16 * side);
        }
    }
}

int q3Scale(Block packed, int k) {
    const int low = k < 8 ? packed[k] & 15 : packed[k - 8] >> 4;
    return (low | ((packed[8 + k % 4] >> (2 * (k / 4))) & 3) << 4) - 32;
}

void q3_k(Block b, float* values) {
    const float d = half(b + 108);
    const __m256i masks = load32(b);
    for (int part = 0; part < 8; ++part) {
        const __m256i bit = _mm256_set1_epi8(static_cast<char>(1 << part));
        const __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(masks, bit), bit);
        const __m256i high = _mm256_and_si256(set, _mm256_set1_epi8(4));
        __m256i codes = _mm256_or_si256(twoBits(b + 32 + 32 * (part / 4), 2 * (part % 4)), high);
        codes = _mm256_sub_epi8(codes, _mm256_set1_epi8(4));
        store16(_mm256_castsi256_si128(codes), d * static_cast<float>(q3Scale(b + 96, 2 * part)), values + 32 * part);
        store16(_mm256_extracti128_si256(codes, 1), d * static_cast<float>(q3Scale(b + 96, 2 * part + 1)),
                values + 32 * part + 16);
    }
}

int subScale(Block s, int j) {
    return j < 4 ? s[j] & 63 : (s[j + 4] & 15) | (s[j - 4] >> 6) << 4;
}
int subMinimum(Block s, int j) {
    return j < 4 ? s[j + 4] & 63 : (s[j + 4] >> 4) | (s[j] >> 6) << 4;
}

__m256i nibbles(Block codes, int part) {
    const __m256i bytes = load32(codes + 32 * (part / 2));
    const __m256i shifted = part % 2 == 0 ? bytes : _mm256_srli_epi16(bytes, 4);
    return _mm256_and_si256(shifted, _mm256_set1_epi8(15));
}

void q4_k(Block b, float* values) {
    for (int part = 0; part < 8; ++part)
        store32(nibbles(b + 16, part), half(b) * static_cast<float>(subScale(b + 4, part)),
                -(half(b + 2) * static_cast<float>(subMinimum(b + 4, part))), values + 32 * part);
}

void q5_k(Block b, float* values) {
    const __m256i fifths = load32(b + 16);
    for (int part = 0; part < 8; ++part) {
        const __m256i bit = _mm256_set1_epi8(static_cast<char>(1 << part));
        const __m256i set = _mm256_cmpeq_epi8(_mm256_and_si256(fifths, bit), bit);
        const __m256i codes = _mm256_or_si256(nibbles(b + 48, part), _mm256_and_si256(set, _mm256_set1_epi8(16)));
        store32(codes, half(b) * static_cast<float>(subScale(b + 4, part)),
                -(half(b + 2) * static_cast<float>(subMinimum(b + 4, part))), values + 32 * part);
    }
}

void q6_k(Block b, float* values) {
    const float d = half(b + 208);
    for (int part = 0; part < 8; ++part) {
        const int n = part / 4;
        const int g = part % 4;
        const __m256i bytes = load32(b + 64 * n + 32 * (g & 1));
        const __m256i low = _mm256_and_si256(g < 2 ? bytes : _mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
        const __m256i high = _mm256_slli_epi16(twoBits(b + 128 + 32 * n, 2 * g), 4);
        const __m256i codes = _mm256_sub_epi8(_mm256_or_si256(low, high), _mm256_set1_epi8(32));
        for (int side = 0; side < 2; ++side) {
            const auto scale = static_cast<std::int8_t>(b[192 + 2 * part + side]);
            const __m128i lane = side == 0 ? _mm256_castsi256_si128(codes) : _mm256_extracti128_si256(codes, 1);
            store16(lane, d * static_cast<float>(scale), values + 32 * part + 16 * side);
        }
    }
}

constexpr void (*kBlock[])(Block, float*) = {q4_0, q4_1, q5_0, q5_1, q8_0, q2_k, q3_k, q4_k, q5_k, q6_k};

}  // namespace

void dequantizeGguf(GgufBlock type, const void* blocks, std::size_t block_count, float* values) {
    const auto convert = kBlock[static_cast<std::size_t>(type)];
    const std::size_t bytes = blockBytes(type);
    const std::size_t elements = blockElements(type);
    for (std::size_t i = 0; i < block_count; ++i)
        convert(static_cast<Block>(blocks) + i * bytes, values + i * elements);
}

}  // namespace quantoscope::kernels::avx2
