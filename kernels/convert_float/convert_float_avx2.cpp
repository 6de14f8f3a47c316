#include <immintrin.h>

#include "kernels/convert_float/convert_float.h"

namespace quantoscope::kernels::avx2 {
namespace {

const char* at(const void* source, std::size_t i) {
    return static_cast<const char*>(source) + 2 * i;
}
char* at(void* target, std::size_t i) {
    return static_cast<char*>(target) + 2 * i;
}
__m128i load8x16(const void* source) {
    return _mm_loadu_si128(static_cast<const __m128i*>(source));
}

/// The bits of eight floats rounded to bfloat16, in the upper halves; lower halves are zero.
__m256i roundedBits(__m256i bits) {
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
    const __m256i magnitude = _mm256_and_si256(bits, _mm256_set1_epi32(0x7fffffff));
    const __m256i is_nan = _mm256_cmpgt_epi32(magnitude, _mm256_set1_epi32(0x7f800000));
    const __m256i chosen = _mm256_blendv_epi8(rounded, quiet, is_nan);
    return _mm256_and_si256(chosen, _mm256_set1_epi32(static_cast<int>(0xffff0000U)));
}

}  // namespace

void bfloat16ToFloat(const void* source, float* target, std::size_t count) {
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256i wide = _mm256_cvtepu16_epi32(load8x16(at(source, i)));
        _mm256_storeu_ps(target + i, _mm256_castsi256_ps(_mm256_slli_epi32(wide, 16)));
    }
    reference::bfloat16ToFloat(at(source, i), target + i, count - i);
}

void halfToFloat(const void* source, float* target, std::size_t count) {
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) _mm256_storeu_ps(target + i, _mm256_cvtph_ps(load8x16(at(source, i))));
    reference::halfToFloat(at(source, i), target + i, count - i);
}

void floatToBfloat16(const float* source, void* target, std::size_t count) {
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256i bits = _mm256_srli_epi32(roundedBits(_mm256_castps_si256(_mm256_loadu_ps(source + i))), 16);
        const __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(bits, bits), 0b1000);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(at(target, i)), _mm256_castsi256_si128(packed));
    }
    reference::floatToBfloat16(source + i, at(target, i), count - i);
}

void floatToHalf(const float* source, void* target, std::size_t count) {
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm_storeu_si128(reinterpret_cast<__m128i*>(at(target, i)),
                         _mm256_cvtps_ph(_mm256_loadu_ps(source + i), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
    reference::floatToHalf(source + i, at(target, i), count - i);
}

void roundToBfloat16(float* values, std::size_t count) {
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256i bits = _mm256_castps_si256(_mm256_loadu_ps(values + i));
        _mm256_storeu_ps(values + i, _mm256_castsi256_ps(roundedBits(bits)));
    }
    reference::roundToBfloat16(values + i, count - i);
}

}  // namespace quantoscope::kernels::avx2
