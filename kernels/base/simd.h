// The few vector operations the kernels are written in, so that each has one source for every instruction set.
//
// Private to kernels: included by the <op>_cpu.cpp, <op>_avx2.cpp and <op>_avx512.cpp of an operation through its
// <op>_loops.h. Everything lies in a namespace of its own per instruction set, so that the linker never mixes them; the
// loops must use QS_SIMD too and no inline functions of the standard library.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
#define QS_SIMD simd_avx512
#elif defined(__AVX2__)
#define QS_SIMD simd_avx2
#else
#define QS_SIMD simd_baseline
#endif

namespace quantoscope::kernels::QS_SIMD {

#if defined(__AVX512F__)

inline constexpr int kWidth = 16;
inline constexpr int kTileRows = 6;     ///< rows x vectors of accumulators that fit the registers
inline constexpr int kTileVectors = 4;  ///< 64 columns
struct Floats {
    __m512 v;
};
inline Floats load(const float* p) {
    return {_mm512_loadu_ps(p)};
}
inline void store(float* p, Floats a) {
    _mm512_storeu_ps(p, a.v);
}
inline __mmask16 firstLanes(std::int64_t n) {
    return static_cast<__mmask16>((1U << static_cast<unsigned>(n)) - 1U);
}
inline Floats loadFirst(const float* p, std::int64_t n) {
    return {_mm512_maskz_loadu_ps(firstLanes(n), p)};
}
inline void storeFirst(float* p, Floats a, std::int64_t n) {
    _mm512_mask_storeu_ps(p, firstLanes(n), a.v);
}
inline Floats all(float a) {
    return {_mm512_set1_ps(a)};
}
inline Floats operator+(Floats a, Floats b) {
    return {_mm512_add_ps(a.v, b.v)};
}
inline Floats operator-(Floats a, Floats b) {
    return {_mm512_sub_ps(a.v, b.v)};
}
inline Floats operator*(Floats a, Floats b) {
    return {_mm512_mul_ps(a.v, b.v)};
}
inline Floats operator/(Floats a, Floats b) {
    return {_mm512_div_ps(a.v, b.v)};
}
/// a where a < b, else b (a > b for the other), as the scalar conditional says.
inline Floats minimum(Floats a, Floats b) {
    return {_mm512_min_ps(a.v, b.v)};
}
inline Floats maximum(Floats a, Floats b) {
    return {_mm512_max_ps(a.v, b.v)};
}
/// a * b + c, fused; and c - a * b.
inline Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return {_mm512_fmadd_ps(a.v, b.v, c.v)};
}
inline Floats multiplySubtract(Floats a, Floats b, Floats c) {
    return {_mm512_fnmadd_ps(a.v, b.v, c.v)};
}
inline Floats roundToWhole(Floats a) {
    return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
/// Whole numbers 0 to 255, one byte each (AVX2 and AVX-512 alone: what uses it has no baseline form).
inline void storeBytes(std::uint8_t* p, Floats a) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(a.v)));
}
inline Floats timesPowerOfTwo(Floats a, Floats n) {
    return {_mm512_scalef_ps(a.v, n.v)};
}
/// Where a < b: x, else y. (NaN compares false.)
inline Floats whereLess(Floats a, Floats b, Floats x, Floats y) {
    return {_mm512_mask_blend_ps(_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ), y.v, x.v)};
}

#elif defined(__AVX2__)

inline constexpr int kWidth = 8;
inline constexpr int kTileRows = 6;
inline constexpr int kTileVectors = 2;
struct Floats {
    __m256 v;
};
inline Floats load(const float* p) {
    return {_mm256_loadu_ps(p)};
}
inline void store(float* p, Floats a) {
    _mm256_storeu_ps(p, a.v);
}
inline __m256i firstLanes(std::int64_t n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
inline Floats loadFirst(const float* p, std::int64_t n) {
    return {_mm256_maskload_ps(p, firstLanes(n))};
}
inline void storeFirst(float* p, Floats a, std::int64_t n) {
    _mm256_maskstore_ps(p, firstLanes(n), a.v);
}
inline Floats all(float a) {
    return {_mm256_set1_ps(a)};
}
inline Floats operator+(Floats a, Floats b) {
    return {_mm256_add_ps(a.v, b.v)};
}
inline Floats operator-(Floats a, Floats b) {
    return {_mm256_sub_ps(a.v, b.v)};
}
inline Floats operator*(Floats a, Floats b) {
    return {_mm256_mul_ps(a.v, b.v)};
}
inline Floats operator/(Floats a, Floats b) {
    return {_mm256_div_ps(a.v, b.v)};
}
inline Floats minimum(Floats a, Floats b) {
    return {_mm256_min_ps(a.v, b.v)};
}
inline Floats maximum(Floats a, Floats b) {
    return {_mm256_max_ps(a.v, b.v)};
}
inline Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return {_mm256_fmadd_ps(a.v, b.v, c.v)};
}
inline Floats multiplySubtract(Floats a, Floats b, Floats c) {
    return {_mm256_fnmadd_ps(a.v, b.v, c.v)};
}
inline Floats roundToWhole(Floats a) {
    return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
inline void storeBytes(std::uint8_t* p, Floats a) {
    const __m256i whole = _mm256_cvtps_epi32(a.v);
    const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), _mm_packus_epi16(words, words));
}
/// In two steps, so that 2^128 and below 2^-126 are met.
inline Floats timesPowerOfTwo(Floats a, Floats n) {
    const __m256i whole = _mm256_cvtps_epi32(n.v);
    const __m256i first = _mm256_srai_epi32(whole, 1);
    const __m256i second = _mm256_sub_epi32(whole, first);
    const auto power = [](__m256i e) {
        return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(e, _mm256_set1_epi32(127)), 23));
    };
    return {_mm256_mul_ps(_mm256_mul_ps(a.v, power(first)), power(second))};
}
inline Floats whereLess(Floats a, Floats b, Floats x, Floats y) {
    return {_mm256_blendv_ps(y.v, x.v, _mm256_cmp_ps(a.v, b.v, _CMP_LT_OQ))};
}

#else

inline constexpr int kWidth = 4;
inline constexpr int kTileRows = 4;
inline constexpr int kTileVectors = 2;
using FloatLanes = float __attribute__((vector_size(16)));
using IntLanes = std::int32_t __attribute__((vector_size(16)));
struct Floats {
    FloatLanes v;
};
inline Floats load(const float* p) {
    Floats a;
    std::memcpy(&a.v, p, sizeof(a.v));
    return a;
}
inline void store(float* p, Floats a) {
    std::memcpy(p, &a.v, sizeof(a.v));
}
inline Floats loadFirst(const float* p, std::int64_t n) {
    Floats a{FloatLanes{}};
    std::memcpy(&a.v, p, static_cast<std::size_t>(n) * sizeof(float));
    return a;
}
inline void storeFirst(float* p, Floats a, std::int64_t n) {
    std::memcpy(p, &a.v, static_cast<std::size_t>(n) * sizeof(float));
}
inline Floats all(float a) {
    return {FloatLanes{a, a, a, a}};
}
inline Floats operator+(Floats a, Floats b) {
    return {a.v + b.v};
}
inline Floats operator-(Floats a, Floats b) {
    return {a.v - b.v};
}
inline Floats operator*(Floats a, Floats b) {
    return {a.v * b.v};
}
inline Floats operator/(Floats a, Floats b) {
    return {a.v / b.v};
}
inline Floats maximum(Floats a, Floats b) {
    return {a.v > b.v ? a.v : b.v};
}
/// Two roundings: this level has no fused instruction.
inline Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return {a.v * b.v + c.v};
}
/// For |a| below 2^22, which is all that is asked of it here.
inline Floats roundToWhole(Floats a) {
    const Floats magic = all(12582912.0F);
    return {(a.v + magic.v) - magic.v};
}
inline Floats timesPowerOfTwo(Floats a, Floats n) {
    const IntLanes whole = __builtin_convertvector(n.v, IntLanes);
    const IntLanes first = whole >> 1;
    const IntLanes bits_first = (first + 127) << 23;
    const IntLanes bits_second = (whole - first + 127) << 23;
    return {a.v * reinterpret_cast<FloatLanes>(bits_first) * reinterpret_cast<FloatLanes>(bits_second)};
}
inline Floats whereLess(Floats a, Floats b, Floats x, Floats y) {
    return {a.v < b.v ? x.v : y.v};
}

#endif

/// Lanes added pairwise, halves first: a fixed order.
inline float sumOfLanes(Floats a) {
    float lanes[kWidth];
    store(lanes, a);
    for (int half = kWidth / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) lanes[i] += lanes[i + half];
    return lanes[0];
}
inline float largestLane(Floats a) {
    float lanes[kWidth];
    store(lanes, a);
    float largest = lanes[0];
    for (int i = 1; i < kWidth; ++i) largest = lanes[i] > largest ? lanes[i] : largest;
    return largest;
}

}  // namespace quantoscope::kernels::QS_SIMD
