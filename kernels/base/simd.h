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
inline Floats maximum(Floats a, Floats b) {
    return {_mm512_max_ps(a.v, b.v)};
}
/// a * b + c, fused.
inline Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return {_mm512_fmadd_ps(a.v, b.v, c.v)};
}
inline Floats roundToWhole(Floats a) {
    return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
}
inline Floats timesPowerOfTwo(Floats a, Floats n) {
    return {_mm512_scalef_ps(a.v, n.v)};
}
/// Where a < b: x, else y. (NaN compares false.)
inline Floats whereLess(Floats a, Floats b, Floats x, Floats y) {
    return {_mm512_mask_blend_ps(_mm512_cmp_ps_mask(a.v, b.v, _CMP_LT_OQ), y.v, x.v)};
}
inline Floats loadBfloat16(const std::uint16_t* p) {
    const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    return {_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16))};
}
inline __m256i bfloat16Bits(Floats a) {
    const __m512i bits = _mm512_castps_si512(a.v);
    const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
    __m512i rounded = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    const __mmask16 nan = _mm512_cmp_ps_mask(a.v, a.v, _CMP_UNORD_Q);
    rounded = _mm512_mask_or_epi32(rounded, nan, bits, _mm512_set1_epi32(0x400000));
    return _mm512_cvtepi32_epi16(_mm512_srli_epi32(rounded, 16));
}
inline void storeBfloat16(std::uint16_t* p, Floats a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), bfloat16Bits(a));
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
inline Floats maximum(Floats a, Floats b) {
    return {_mm256_max_ps(a.v, b.v)};
}
inline Floats multiplyAdd(Floats a, Floats b, Floats c) {
    return {_mm256_fmadd_ps(a.v, b.v, c.v)};
}
inline Floats roundToWhole(Floats a) {
    return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)};
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
inline Floats loadBfloat16(const std::uint16_t* p) {
    const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    return {_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16))};
}
inline void storeBfloat16(std::uint16_t* p, Floats a) {
    const __m256i bits = _mm256_castps_si256(a.v);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    __m256i rounded = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    const __m256i quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x400000));
    const __m256i nan = _mm256_castps_si256(_mm256_cmp_ps(a.v, a.v, _CMP_UNORD_Q));
    rounded = _mm256_srli_epi32(_mm256_blendv_epi8(rounded, quiet, nan), 16);
    const __m256i packed = _mm256_permute4x64_epi64(_mm256_packus_epi32(rounded, rounded), 0x08);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_castsi256_si128(packed));
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
inline Floats loadBfloat16(const std::uint16_t* p) {
    const IntLanes bits{p[0], p[1], p[2], p[3]};
    return {reinterpret_cast<FloatLanes>(bits << 16)};
}
inline void storeBfloat16(std::uint16_t* p, Floats a) {
    for (int i = 0; i < kWidth; ++i) {
        std::uint32_t bits = 0;
        const float value = a.v[i];
        std::memcpy(&bits, &value, sizeof(bits));
        const bool nan = (bits & 0x7fffffffU) > 0x7f800000U;
        p[i] = static_cast<std::uint16_t>((nan ? bits | 0x400000U : bits + 0x7fffU + ((bits >> 16U) & 1U)) >> 16U);
    }
}

#endif

/// kWidth pairs of bfloat16: the first of each pair, and the second.
struct TwoFloats {
    Floats even;
    Floats odd;
};
#if defined(__AVX512F__)
inline TwoFloats loadPairs(const std::uint16_t* p) {
    const __m512i pairs = _mm512_loadu_si512(p);
    return {{_mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16))},
            {_mm512_castsi512_ps(_mm512_and_si512(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000U))))}};
}
#elif defined(__AVX2__)
inline TwoFloats loadPairs(const std::uint16_t* p) {
    const __m256i pairs = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));
    return {{_mm256_castsi256_ps(_mm256_slli_epi32(pairs, 16))},
            {_mm256_castsi256_ps(_mm256_and_si256(pairs, _mm256_set1_epi32(static_cast<int>(0xffff0000U))))}};
}
#else
inline TwoFloats loadPairs(const std::uint16_t* p) {
    TwoFloats floats;
    for (int i = 0; i < kWidth; ++i) {
        const std::uint32_t low = static_cast<std::uint32_t>(p[2 * i]) << 16U;
        const std::uint32_t high = static_cast<std::uint32_t>(p[2 * i + 1]) << 16U;
        float even = 0.0F;
        float odd = 0.0F;
        std::memcpy(&even, &low, sizeof(even));
        std::memcpy(&odd, &high, sizeof(odd));
        floats.even.v[i] = even;
        floats.odd.v[i] = odd;
    }
    return floats;
}
#endif

inline Floats loadBfloat16First(const std::uint16_t* p, std::int64_t n) {
    std::uint16_t bits[kWidth] = {};
    for (std::int64_t i = 0; i < n; ++i) bits[i] = p[i];
    return loadBfloat16(bits);
}
inline void storeBfloat16First(std::uint16_t* p, Floats a, std::int64_t n) {
    std::uint16_t bits[kWidth];
    storeBfloat16(bits, a);
    for (std::int64_t i = 0; i < n; ++i) p[i] = bits[i];
}

// One name for both element types.
inline Floats loadAs(const float* p) {
    return load(p);
}
inline Floats loadAs(const std::uint16_t* p) {
    return loadBfloat16(p);
}
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

/// exp; see kernels/exponential/exponential.h for range, method and accuracy.
inline Floats exponentialOf(Floats x) {
    const Floats n = roundToWhole(x * all(1.44269504088896341F));
    Floats r = multiplyAdd(n, all(-0.693359375F), x);
    r = multiplyAdd(n, all(2.12194440e-4F), r);
    Floats p = all(1.0F / 5040.0F);
    p = multiplyAdd(p, r, all(1.0F / 720.0F));
    p = multiplyAdd(p, r, all(1.0F / 120.0F));
    p = multiplyAdd(p, r, all(1.0F / 24.0F));
    p = multiplyAdd(p, r, all(1.0F / 6.0F));
    p = multiplyAdd(p, r, all(0.5F));
    p = multiplyAdd(p, r, all(1.0F));
    p = multiplyAdd(p, r, all(1.0F));
    p = timesPowerOfTwo(p, n);
    p = whereLess(x, all(-87.336544F), all(0.0F), p);
    return whereLess(all(88.7228394F), x, all(__builtin_inff()), p);
}

}  // namespace quantoscope::kernels::QS_SIMD
