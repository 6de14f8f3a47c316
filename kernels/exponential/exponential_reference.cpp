#include <cmath>

#include "kernels/exponential/exponential.h"

namespace quantoscope::kernels {

void exponentialReference(const float* x, std::int64_t count, float* y) {
    for (std::int64_t i = 0; i < count; ++i) y[i] = static_cast<float>(std::exp(static_cast<double>(x[i])));
}

}  // namespace quantoscope::kernels
