#include <algorithm>
#include <cmath>

#include "kernels/channel_statistics/channel_statistics.h"

namespace quantoscope::kernels {

void channelStatisticsReference(const float* x, std::int64_t rows, std::int64_t columns, double* absolute_sums,
                                float* maxima) {
    for (std::int64_t t = 0; t < rows; ++t) {
        for (std::int64_t j = 0; j < columns; ++j) {
            const float value = std::fabs(x[t * columns + j]);
            absolute_sums[j] += static_cast<double>(value);
            maxima[j] = std::max(maxima[j], value);
        }
    }
}

}  // namespace quantoscope::kernels
