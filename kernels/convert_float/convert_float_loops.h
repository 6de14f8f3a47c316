// The conversions of arrays for one instruction set; see kernels/base/simd.h.
#pragma once

#include "kernels/base/simd_bfloat16.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope::kernels::QS_SIMD {

inline const char* at(const void* source, std::int64_t i) {
    return static_cast<const char*>(source) + 2 * i;
}
inline char* at(void* target, std::int64_t i) {
    return static_cast<char*>(target) + 2 * i;
}

void bfloat16ToFloat(const void* source, float* target, std::int64_t count) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) store(target + i, loadBfloat16(at(source, i)));
    if (i < count) storeFirst(target + i, loadBfloat16First(at(source, i), count - i), count - i);
}

void floatToBfloat16(const float* source, void* target, std::int64_t count) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) storeBfloat16(at(target, i), load(source + i));
    if (i < count) storeBfloat16First(at(target, i), loadFirst(source + i, count - i), count - i);
}

void roundToBfloat16(float* values, std::int64_t count) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) store(values + i, roundedToBfloat16(load(values + i)));
    if (i < count) storeFirst(values + i, roundedToBfloat16(loadFirst(values + i, count - i)), count - i);
}

#if defined(__F16C__)

#if defined(__AVX512F__)
inline Floats loadHalf(const void* p) {
    return {_mm512_cvtph_ps(_mm256_loadu_si256(static_cast<const __m256i*>(p)))};
}
inline void storeHalf(void* p, Floats a) {
    _mm256_storeu_si256(static_cast<__m256i*>(p), _mm512_cvtps_ph(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
#else
inline Floats loadHalf(const void* p) {
    return {_mm256_cvtph_ps(_mm_loadu_si128(static_cast<const __m128i*>(p)))};
}
inline void storeHalf(void* p, Floats a) {
    _mm_storeu_si128(static_cast<__m128i*>(p), _mm256_cvtps_ph(a.v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
}
#endif

void halfToFloat(const void* source, float* target, std::int64_t count) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) store(target + i, loadHalf(at(source, i)));
    reference::halfToFloat(at(source, i), target + i, static_cast<std::size_t>(count - i));
}

void floatToHalf(const float* source, void* target, std::int64_t count) {
    std::int64_t i = 0;
    for (; i + kWidth <= count; i += kWidth) storeHalf(at(target, i), load(source + i));
    reference::floatToHalf(source + i, at(target, i), static_cast<std::size_t>(count - i));
}

#else

void halfToFloat(const void* source, float* target, std::int64_t count) {
    reference::halfToFloat(source, target, static_cast<std::size_t>(count));
}
void floatToHalf(const float* source, void* target, std::int64_t count) {
    reference::floatToHalf(source, target, static_cast<std::size_t>(count));
}

#endif

}  // namespace quantoscope::kernels::QS_SIMD
