#include <cmath>

#include "kernels/rms_norm/rms_norm.h"

namespace quantoscope::kernels {

void rmsNormReference(const float* x, const float* weight, float epsilon, std::int64_t rows, std::int64_t columns,
                      float* y) {
    for (std::int64_t t = 0; t < rows; ++t) {
        double sum = 0.0;
        for (std::int64_t c = 0; c < columns; ++c) sum += static_cast<double>(x[t * columns + c]) * x[t * columns + c];
        const auto scale = static_cast<float>(1.0 / std::sqrt(sum / static_cast<double>(columns) + epsilon));
        for (std::int64_t c = 0; c < columns; ++c) y[t * columns + c] = weight[c] * (x[t * columns + c] * scale);
    }
}

}  // namespace quantoscope::kernels
