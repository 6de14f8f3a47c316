#include <algorithm>

#include "kernels/base/select.h"
#include "kernels/silu_multiply/silu_multiply.h"
#include "kernels/silu_multiply/silu_multiply_loops.h"

namespace quantoscope::kernels {
namespace simd_avx2 {
void siluMultiplyFloat32(const float* gate, const float* up, std::int64_t count, float* y);
void siluMultiplyBfloat16(const float* gate, const float* up, std::int64_t count, std::uint16_t* y);
}  // namespace simd_avx2
namespace simd_avx512 {
void siluMultiplyFloat32(const float* gate, const float* up, std::int64_t count, float* y);
void siluMultiplyBfloat16(const float* gate, const float* up, std::int64_t count, std::uint16_t* y);
}  // namespace simd_avx512

namespace {

constexpr std::int64_t kRun = 4096;  // elements a thread takes at a time

template <typename Output, typename Run>
void siluMultiplyRuns(const float* gate, const float* up, std::int64_t count, Output* y, Run* run) {
    const auto runs = (count + kRun - 1) / kRun;
#pragma omp parallel for schedule(static) if (runs > 1)
    for (std::int64_t i = 0; i < runs; ++i)
        run(gate + i * kRun, up + i * kRun, std::min(kRun, count - i * kRun), y + i * kRun);
}

}  // namespace

void siluMultiply(const float* gate, const float* up, std::int64_t count, float* y) {
    siluMultiplyRuns(gate, up, count, y,
                     selectVersion(simd_baseline::siluMultiplyFloat32, simd_avx2::siluMultiplyFloat32,
                                   simd_avx512::siluMultiplyFloat32));
}

void siluMultiply(const float* gate, const float* up, std::int64_t count, std::uint16_t* y) {
    siluMultiplyRuns(gate, up, count, y,
                     selectVersion(simd_baseline::siluMultiplyBfloat16, simd_avx2::siluMultiplyBfloat16,
                                   simd_avx512::siluMultiplyBfloat16));
}

}  // namespace quantoscope::kernels
