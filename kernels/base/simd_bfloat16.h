// bfloat16 (bit patterns, at any address) as vectors of float32; belongs to kernels/base/simd.h.
//
// Narrowing rounds to nearest, ties to even; a NaN stays a quiet NaN with its sign and the payload bits that fit.
#pragma once

#include "kernels/base/simd.h"

namespace quantoscope::kernels::QS_SIMD {

/// kWidth pairs of bfloat16: the first of each pair, and the second.
struct TwoFloats {
    Floats even;
    Floats odd;
};

#if defined(__AVX512F__)

inline Floats loadBfloat16(const void* p) {
    const __m256i bits = _mm256_loadu_si256(static_cast<const __m256i*>(p));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16))};
}
/// The result in the upper half of each lane, anything in the lower.
inline __m512i roundedBits(Floats a) {
    const __m512i bits = _mm512_castps_si512(a.v);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    const __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    const __mmask16 nan = _mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q);
    return _mm512_mask_or_epi32(rounded, nan, bits, _mm512_set1_epi32(0x400000));
}
inline Floats roundedToBfloat16(Floats a) {
    const __m512i upper = _mm512_set1_epi32(static_cast<int>(0xffff0000U));
    return {_mm512_castsi512_ps(_mm512_and_si512(roundedBits(a), upper))};
}
inline void storeBfloat16(void* p, Floats a) {
    _mm256_storeu_si256(static_cast<__m256i*>(p), _mm512_cvtepi32_epi16(_mm512_srli_epi32(roundedBits(a), 16)));
}
inline TwoFloats loadPairs(const std::uint16_t* p) {
    const __m512i pairs = _mm512_loadu_si512(p);
    return {{_mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16))},
            {_mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000U))))}};
}

#elif defined(__AVX2__)

inline Floats loadBfloat16(const void* p) {
    const __m128i bits = _mm_loadu_si128(static_cast<const __m128i*>(p));
    return {_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16))};
}
/// The result in the upper half of each lane, anything in the lower.
inline __m256i roundedBits(Floats a) {
    const __m256i bits = _mm256_castps_si256(a.v);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
    const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(a.v, a.v, _CMP_UNORD_Q));
    return _mm256_blendv_epi8(rounded, quiet, nan);
}
inline Floats roundedToBfloat16(Floats a) {
    const __m256i upper = _mm256_set1_epi32(static_cast<int>(0xffff0000U));
    return {_mm256_castsi256_ps(_mm256_and_si256(roundedBits(a), upper))};
}
inline void storeBfloat16(void* p, Floats a) {
    const __m256i bits = _mm256_srli_epi32(roundedBits(a), 16);
    const __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(bits, bits), 0x08);
    _mm_storeu_si128(static_cast<__m128i*>(p), _mm256_castsi256_si128(packed));
}
inline TwoFloats loadPairs(const std::uint16_t* p) {
    const __m256i pairs = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    return {{_mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16))},
            {_mm256_castsi256_ps(_mm256_and_si256(pairs, _mm256_set1_epi32(static_cast<int>(0xffff0000U))))}};
}

#else

using BitLanes = std::uint32_t __attribute__((vector_size(16)));

inline Floats loadBfloat16(const void* p) {
    std::uint16_t bits[kWidth];
    std::memcpy(bits, p, sizeof(bits));
    const BitLanes wide{bits[0], bits[1], bits[2], bits[3]};
    return {reinterpret_cast<FloatLanes>(wide << 16U)};
}
inline Floats roundedToBfloat16(Floats a) {
    const auto bits = reinterpret_cast<BitLanes>(a.v);
    const BitLanes rounded = bits + 0x7fffU + ((bits >> 16U) & 1U);
    const BitLanes chosen = a.v != a.v ? bits | 0x400000U : rounded;
    return {reinterpret_cast<FloatLanes>(chosen & 0xffff0000U)};
}
inline void storeBfloat16(void* p, Floats a) {
    const auto bits = reinterpret_cast<BitLanes>(roundedToBfloat16(a).v) >> 16U;
    std::uint16_t narrow[kWidth];
    for (int i = 0; i < kWidth; ++i) narrow[i] = static_cast<std::uint16_t>(bits[i]);
    std::memcpy(p, narrow, sizeof(narrow));
}
inline TwoFloats loadPairs(const std::uint16_t* p) {
    BitLanes pairs;
    std::memcpy(&pairs, p, sizeof(pairs));
    return {{reinterpret_cast<FloatLanes>(pairs << 16U)}, {reinterpret_cast<FloatLanes>(pairs & 0xffff0000U)}};
}

#endif

inline Floats loadBfloat16First(const void* p, std::int64_t n) {
    std::uint16_t bits[kWidth] = {};
    std::memcpy(bits, p, static_cast<std::size_t>(n) * sizeof(bits[0]));
    return loadBfloat16(bits);
}
inline void storeBfloat16First(void* p, Floats a, std::int64_t n) {
    std::uint16_t bits[kWidth];
    storeBfloat16(bits, a);
    std::memcpy(p, bits, static_cast<std::size_t>(n) * sizeof(bits[0]));
}

// One name for both element types.
inline Floats loadFirstAs(const float* p, std::int64_t n) {
    return loadFirst(p, n);
}
inline Floats loadFirstAs(const std::uint16_t* p, std::int64_t n) {
    return loadBfloat16First(p, n);
}
inline void storeAs(float* p, Floats a) {
    store(p, a);
}
inline void storeAs(std::uint16_t* p, Floats a) {
    storeBfloat16(p, a);
}
inline void storeFirstAs(float* p, Floats a, std::int64_t n) {
    storeFirst(p, a, n);
}
inline void storeFirstAs(std::uint16_t* p, Floats a, std::int64_t n) {
    storeBfloat16First(p, a, n);
}

}  // namespace quantoscope::kernels::QS_SIMD
