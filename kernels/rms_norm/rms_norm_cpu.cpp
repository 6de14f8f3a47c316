#include "kernels/base/select.h"
#include "kernels/rms_norm/rms_norm.h"
#include "kernels/rms_norm/rms_norm_loops.h"

namespace quantoscope::kernels {
namespace simd_avx2 {
void rmsNormRowFloat32(const float* x, const float* weight, float epsilon, std::int64_t columns, float* y);
void rmsNormRowBfloat16(const float* x, const float* weight, float epsilon, std::int64_t columns, std::uint16_t* y);
}  // namespace simd_avx2
namespace simd_avx512 {
void rmsNormRowFloat32(const float* x, const float* weight, float epsilon, std::int64_t columns, float* y);
void rmsNormRowBfloat16(const float* x, const float* weight, float epsilon, std::int64_t columns, std::uint16_t* y);
}  // namespace simd_avx512

void rmsNorm(const float* x, const float* weight, float epsilon, std::int64_t rows, std::int64_t columns, float* y) {
    auto* row =
        selectVersion(simd_baseline::rmsNormRowFloat32, simd_avx2::rmsNormRowFloat32, simd_avx512::rmsNormRowFloat32);
#pragma omp parallel for schedule(static) if (rows > 8)
    for (std::int64_t t = 0; t < rows; ++t) row(x + t * columns, weight, epsilon, columns, y + t * columns);
}

void rmsNorm(const float* x, const float* weight, float epsilon, std::int64_t rows, std::int64_t columns,
             std::uint16_t* y) {
    auto* row = selectVersion(simd_baseline::rmsNormRowBfloat16, simd_avx2::rmsNormRowBfloat16,
                              simd_avx512::rmsNormRowBfloat16);
#pragma omp parallel for schedule(static) if (rows > 8)
    for (std::int64_t t = 0; t < rows; ++t) row(x + t * columns, weight, epsilon, columns, y + t * columns);
}

}  // namespace quantoscope::kernels
