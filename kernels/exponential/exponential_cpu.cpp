#include "kernels/base/select.h"
#include "kernels/exponential/exponential.h"
#include "kernels/exponential/exponential_loops.h"

namespace quantoscope::kernels {
namespace simd_avx2 {
void exponential(const float* x, std::int64_t count, float* y);
}
namespace simd_avx512 {
void exponential(const float* x, std::int64_t count, float* y);
}

void exponential(const float* x, std::int64_t count, float* y) {
    selectVersion(simd_baseline::exponential, simd_avx2::exponential, simd_avx512::exponential)(x, count, y);
}

}  // namespace quantoscope::kernels
