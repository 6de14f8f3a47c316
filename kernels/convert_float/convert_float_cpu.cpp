#include "kernels/base/select.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/convert_float/convert_float_loops.h"

namespace quantoscope::kernels {

#define QS_DECLARE_CONVERSIONS(isa)                                              \
    namespace isa {                                                              \
    void bfloat16ToFloat(const void* source, float* target, std::int64_t count); \
    void halfToFloat(const void* source, float* target, std::int64_t count);     \
    void floatToBfloat16(const float* source, void* target, std::int64_t count); \
    void floatToHalf(const float* source, void* target, std::int64_t count);     \
    void roundToBfloat16(float* values, std::int64_t count);                     \
    }
QS_DECLARE_CONVERSIONS(simd_avx2)
QS_DECLARE_CONVERSIONS(simd_avx512)
#undef QS_DECLARE_CONVERSIONS

namespace {

constexpr std::int64_t kRun = 65536;  ///< values a thread takes at a time

/// Calls work(first, count) for every run.
template <typename Work>
void forRuns(std::size_t count, Work work) {
    const auto all_values = static_cast<std::int64_t>(count);
    const auto runs = (all_values + kRun - 1) / kRun;
#pragma omp parallel for schedule(static) if (runs > 1)
    for (std::int64_t i = 0; i < runs; ++i) work(i * kRun, i + 1 < runs ? kRun : all_values - i * kRun);
}

void widen(const void* source, float* target, std::size_t count, void (*run)(const void*, float*, std::int64_t)) {
    forRuns(count, [=](std::int64_t first, std::int64_t some) {
        run(static_cast<const char*>(source) + 2 * first, target + first, some);
    });
}
void narrow(const float* source, void* target, std::size_t count, void (*run)(const float*, void*, std::int64_t)) {
    forRuns(count, [=](std::int64_t first, std::int64_t some) {
        run(source + first, static_cast<char*>(target) + 2 * first, some);
    });
}

}  // namespace

void bfloat16ToFloat(const void* source, float* target, std::size_t count) {
    widen(source, target, count,
          selectVersion(simd_baseline::bfloat16ToFloat, simd_avx2::bfloat16ToFloat, simd_avx512::bfloat16ToFloat));
}
void halfToFloat(const void* source, float* target, std::size_t count) {
    widen(source, target, count,
          selectVersion(simd_baseline::halfToFloat, simd_avx2::halfToFloat, simd_avx512::halfToFloat));
}
void floatToBfloat16(const float* source, void* target, std::size_t count) {
    narrow(source, target, count,
           selectVersion(simd_baseline::floatToBfloat16, simd_avx2::floatToBfloat16, simd_avx512::floatToBfloat16));
}
void floatToHalf(const float* source, void* target, std::size_t count) {
    narrow(source, target, count,
           selectVersion(simd_baseline::floatToHalf, simd_avx2::floatToHalf, simd_avx512::floatToHalf));
}
void roundToBfloat16(float* values, std::size_t count) {
    const auto run =
        selectVersion(simd_baseline::roundToBfloat16, simd_avx2::roundToBfloat16, simd_avx512::roundToBfloat16);
    forRuns(count, [=](std::int64_t first, std::int64_t some) { run(values + first, some); });
}

std::size_t countNonFinite(const float* values, std::size_t count) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i)
        found += (std::bit_cast<std::uint32_t>(values[i]) & 0x7f800000U) == 0x7f800000U ? 1 : 0;
    return found;
}

}  // namespace quantoscope::kernels
