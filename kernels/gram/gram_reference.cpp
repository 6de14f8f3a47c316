#include "kernels/gram/gram.h"

namespace quantoscope::kernels {

void gramReference(const float* x, std::int64_t rows, std::int64_t columns, float* gram) {
    for (std::int64_t i = 0; i < columns; ++i) {
        for (std::int64_t j = i; j < columns; ++j) {
            double sum = 0.0;
            for (std::int64_t t = 0; t < rows; ++t)
                sum += static_cast<double>(x[t * columns + i]) * static_cast<double>(x[t * columns + j]);
            gram[i * columns + j] += static_cast<float>(sum);
        }
    }
}

}  // namespace quantoscope::kernels
