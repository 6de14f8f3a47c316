// One vector register of float32 under one name for AVX2 and AVX-512, so that a fast kernel is written once and
// compiled by its _avx2.cpp and its _avx512.cpp. Include only there: the types live in an unnamed namespace on purpose,
// each translation unit has its own.
#pragma once

#include <immintrin.h>

#include <cstdint>

#if !defined(__AVX2__)
#error "lanes.h is for files compiled for AVX2 or AVX-512"
#endif

namespace quantoscope::kernels {
namespace {  // NOLINT: one definition for each instruction set

#if defined(__AVX512F__)
struct Lanes {
    static constexpr int kCount = 16;
    __m512 v;

    static Lanes zero() { return {_mm512_setzero_ps()}; }
    static Lanes all(float value) { return {_mm512_set1_ps(value)}; }
    static Lanes load(const float* from) { return {_mm512_loadu_ps(from)}; }
    /// The first `count` values, zeros after them.
    static Lanes loadFirst(const float* from, int count) { return {_mm512_maskz_loadu_ps(mask(count), from)}; }
    void store(float* to) const { _mm512_storeu_ps(to, v); }
    void storeFirst(float* to, int count) const { _mm512_mask_storeu_ps(to, mask(count), v); }
    /// Whole numbers 0 to 255, one byte each.
    void storeBytes(std::uint8_t* to) const {
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_cvtepi32_epi8(_mm512_cvtps_epi32(v)));
    }
    friend Lanes operator+(Lanes a, Lanes b) { return {_mm512_add_ps(a.v, b.v)}; }
    friend Lanes operator-(Lanes a, Lanes b) { return {_mm512_sub_ps(a.v, b.v)}; }
    friend Lanes operator*(Lanes a, Lanes b) { return {_mm512_mul_ps(a.v, b.v)}; }
    friend Lanes operator/(Lanes a, Lanes b) { return {_mm512_div_ps(a.v, b.v)}; }
    /// a where a < b, else b (a > b for the other), as the scalar conditional says.
    static Lanes smaller(Lanes a, Lanes b) { return {_mm512_min_ps(a.v, b.v)}; }
    static Lanes larger(Lanes a, Lanes b) { return {_mm512_max_ps(a.v, b.v)}; }
    static Lanes rounded(Lanes a) { return {_mm512_roundscale_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
    static Lanes addProduct(Lanes sum, Lanes a, Lanes b) { return {_mm512_fmadd_ps(a.v, b.v, sum.v)}; }
    static Lanes subtractProduct(Lanes sum, Lanes a, Lanes b) { return {_mm512_fnmadd_ps(a.v, b.v, sum.v)}; }

private:
    static __mmask16 mask(int count) { return static_cast<__mmask16>((1U << static_cast<unsigned>(count)) - 1U); }
};
#else
struct Lanes {
    static constexpr int kCount = 8;
    __m256 v;

    static Lanes zero() { return {_mm256_setzero_ps()}; }
    static Lanes all(float value) { return {_mm256_set1_ps(value)}; }
    static Lanes load(const float* from) { return {_mm256_loadu_ps(from)}; }
    /// The first `count` values, zeros after them.
    static Lanes loadFirst(const float* from, int count) { return {_mm256_maskload_ps(from, mask(count))}; }
    void store(float* to) const { _mm256_storeu_ps(to, v); }
    void storeFirst(float* to, int count) const { _mm256_maskstore_ps(to, mask(count), v); }
    /// Whole numbers 0 to 255, one byte each.
    void storeBytes(std::uint8_t* to) const {
        const __m256i whole = _mm256_cvtps_epi32(v);
        const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(whole), _mm256_extracti128_si256(whole, 1));
        _mm_storel_epi64(reinterpret_cast<__m128i*>(to), _mm_packus_epi16(words, words));
    }
    friend Lanes operator+(Lanes a, Lanes b) { return {_mm256_add_ps(a.v, b.v)}; }
    friend Lanes operator-(Lanes a, Lanes b) { return {_mm256_sub_ps(a.v, b.v)}; }
    friend Lanes operator*(Lanes a, Lanes b) { return {_mm256_mul_ps(a.v, b.v)}; }
    friend Lanes operator/(Lanes a, Lanes b) { return {_mm256_div_ps(a.v, b.v)}; }
    /// a where a < b, else b (a > b for the other), as the scalar conditional says.
    static Lanes smaller(Lanes a, Lanes b) { return {_mm256_min_ps(a.v, b.v)}; }
    static Lanes larger(Lanes a, Lanes b) { return {_mm256_max_ps(a.v, b.v)}; }
    static Lanes rounded(Lanes a) { return {_mm256_round_ps(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)}; }
    static Lanes addProduct(Lanes sum, Lanes a, Lanes b) { return {_mm256_fmadd_ps(a.v, b.v, sum.v)}; }
    static Lanes subtractProduct(Lanes sum, Lanes a, Lanes b) { return {_mm256_fnmadd_ps(a.v, b.v, sum.v)}; }

private:
    static __m256i mask(int count) {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
};
#endif

}  // namespace
}  // namespace quantoscope::kernels
