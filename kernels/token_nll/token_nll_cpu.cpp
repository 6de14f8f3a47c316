#include <cmath>
#include <limits>

#include "kernels/base/select.h"
#include "kernels/token_nll/token_nll.h"
#include "kernels/token_nll/token_nll_loops.h"

namespace quantoscope::kernels {
namespace simd_avx2 {
float rowMaximum(const float* x, std::int64_t columns);
float rowSumOfExponentials(const float* x, std::int64_t columns, float shift);
}  // namespace simd_avx2
namespace simd_avx512 {
float rowMaximum(const float* x, std::int64_t columns);
float rowSumOfExponentials(const float* x, std::int64_t columns, float shift);
}  // namespace simd_avx512

RunningSoftmax emptySoftmax() {
    return {-std::numeric_limits<float>::infinity(), 0.0F, 0.0};
}

void updateSoftmax(const float* logits, std::int64_t tokens, std::int64_t columns, std::int64_t first_id,
                   const std::int32_t* targets, RunningSoftmax* running) {
    auto* row_maximum = selectVersion(simd_baseline::rowMaximum, simd_avx2::rowMaximum, simd_avx512::rowMaximum);
    auto* row_sum = selectVersion(simd_baseline::rowSumOfExponentials, simd_avx2::rowSumOfExponentials,
                                  simd_avx512::rowSumOfExponentials);
#pragma omp parallel for schedule(static) if (tokens > 1)
    for (std::int64_t t = 0; t < tokens; ++t) {
        const float* row = logits + t * columns;
        RunningSoftmax& state = running[t];
        const float largest = row_maximum(row, columns);
        if (largest > state.maximum) {
            state.sum *= std::exp(static_cast<double>(state.maximum) - largest);
            state.maximum = largest;
        }
        state.sum += row_sum(row, columns, state.maximum);
        const auto target = targets[t] - first_id;
        if (target >= 0 && target < columns) state.target_logit = row[target];
    }
}

double tokenNll(const RunningSoftmax& running) {
    return static_cast<double>(running.maximum) + std::log(running.sum) - running.target_logit;
}

}  // namespace quantoscope::kernels
