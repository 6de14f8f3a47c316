#include "kernels/weighted_error/weighted_error.h"

namespace quantoscope::kernels {

void weightedErrorReference(const float* error, std::int64_t rows, std::int64_t columns, const float* gram,
                            double* energy) {
    for (std::int64_t i = 0; i < rows; ++i) {
        const float* row = error + i * columns;
        double sum = 0.0;
        for (std::int64_t j = 0; j < columns; ++j) {
            sum += static_cast<double>(row[j]) * row[j] * gram[j * columns + j];
            for (std::int64_t k = j + 1; k < columns; ++k)
                sum += 2.0 * static_cast<double>(row[j]) * row[k] * gram[j * columns + k];
        }
        energy[i] = sum;
    }
}

}  // namespace quantoscope::kernels
