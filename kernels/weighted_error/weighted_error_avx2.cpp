#include <immintrin.h>

#include "kernels/weighted_error/weighted_error_panel.h"

namespace quantoscope::kernels::weighted_error {
namespace {

struct Vector256 {
    static constexpr int kLanes = 8;
    __m256 value;
    static Vector256 zero() { return {_mm256_setzero_ps()}; }
    static Vector256 load(const float* from) { return {_mm256_loadu_ps(from)}; }
    static Vector256 broadcast(float number) { return {_mm256_set1_ps(number)}; }
    static Vector256 multiplyAdd(Vector256 a, Vector256 b, Vector256 c) {
        return {_mm256_fmadd_ps(a.value, b.value, c.value)};
    }
    void store(float* to) const { _mm256_storeu_ps(to, value); }
};

}  // namespace

// 4 x 3 sums, 3 columns and a broadcast: all 16 registers.
PanelKernel panelAvx2() {
    return {24, runPanel<Vector256, 3, 4>};
}

}  // namespace quantoscope::kernels::weighted_error
