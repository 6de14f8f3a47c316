#include <immintrin.h>

#include "kernels/weighted_error/weighted_error_panel.h"

namespace quantoscope::kernels::weighted_error {
namespace {

struct Vector512 {
    static constexpr int kLanes = 16;
    __m512 value;
    static Vector512 zero() { return {_mm512_setzero_ps()}; }
    static Vector512 load(const float* from) { return {_mm512_loadu_ps(from)}; }
    static Vector512 broadcast(float number) { return {_mm512_set1_ps(number)}; }
    static Vector512 multiplyAdd(Vector512 a, Vector512 b, Vector512 c) {
        return {_mm512_fmadd_ps(a.value, b.value, c.value)};
    }
    void store(float* to) const { _mm512_storeu_ps(to, value); }
};

}  // namespace

// 8 x 3 sums, 3 columns and a broadcast: 28 of 32 registers.
PanelKernel panelAvx512() {
    return {48, runPanel<Vector512, 3, 8>};
}

}  // namespace quantoscope::kernels::weighted_error
