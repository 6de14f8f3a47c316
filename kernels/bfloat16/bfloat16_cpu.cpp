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

void convertToBfloat16(const float* values, std::int64_t count, std::uint16_t* bits) {
    selectVersion(simd_baseline::convertToBfloat16, simd_avx2::convertToBfloat16, simd_avx512::convertToBfloat16)(
        values, count, bits);
}

void convertFromBfloat16(const std::uint16_t* bits, std::int64_t count, float* values) {
    selectVersion(simd_baseline::convertFromBfloat16, simd_avx2::convertFromBfloat16,
                  simd_avx512::convertFromBfloat16)(bits, count, values);
}

}  // namespace quantoscope::kernels
