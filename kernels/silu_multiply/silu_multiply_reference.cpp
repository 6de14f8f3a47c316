#include <cmath>

#include "kernels/silu_multiply/silu_multiply.h"

namespace quantoscope::kernels {

void siluMultiplyReference(const float* gate, const float* up, std::int64_t count, float* y) {
    for (std::int64_t i = 0; i < count; ++i) {
        const double g = gate[i];
        y[i] = static_cast<float>(g / (1.0 + std::exp(-g)) * up[i]);
    }
}

}  // namespace quantoscope::kernels
