#include "kernels/base/select.h"
#include "kernels/bfloat16/bfloat16.h"
#include "kernels/bfloat16/bfloat16_loops.h"

namespace quantoscope::kernels {
namespace simd_avx2 {
void convertToBfloat16(const float* values, std::int64_t count, std::uint16_t* bits);
void convertFromBfloat16(const std::uint16_t* bits, std::int64_t count, float* values);
}  // namespace simd_avx2
namespace simd_avx512 {
void convertToBfloat16(const float* values, std::int64_t count, std::uint16_t* bits);
void convertFromBfloat16(const std::uint16_t* bits, std::int64_t count, float* values);
}  // namespace simd_avx512

namespace {

constexpr std::int64_t kRun = 16384;  // elements a thread takes at a time

template <typename From, typename To>
void convertRuns(const From* from, std::int64_t count, To* to, void (*convert)(const From*, std::int64_t, To*)) {
    const auto runs = (count + kRun - 1) / kRun;
#pragma omp parallel for schedule(static) if (runs > 1)
    for (std::int64_t i = 0; i < runs; ++i)
        convert(from + i * kRun, count - i * kRun < kRun ? count - i * kRun : kRun, to + i * kRun);
}

}  // namespace

void convertToBfloat16(const float* values, std::int64_t count, std::uint16_t* bits) {
    convertRuns(
        values, count, bits,
        selectVersion(simd_baseline::convertToBfloat16, simd_avx2::convertToBfloat16, simd_avx512::convertToBfloat16));
}

void convertFromBfloat16(const std::uint16_t* bits, std::int64_t count, float* values) {
    convertRuns(bits, count, values,
                selectVersion(simd_baseline::convertFromBfloat16, simd_avx2::convertFromBfloat16,
                              simd_avx512::convertFromBfloat16));
}

}  // namespace quantoscope::kernels
