// Per input channel: the sum and the maximum of absolute values over rows, added to what is already there.
//
// x: rows x columns, dense row-major. Sums of up to 64 rows are float32, those of more float64, in the order the rows
// come; threads share the columns, so results do not depend on their number.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

void channelStatistics(const float* x, std::int64_t rows, std::int64_t columns, double* absolute_sums, float* maxima);
void channelStatistics(const std::uint16_t* x, std::int64_t rows, std::int64_t columns, double* absolute_sums,
                       float* maxima);

/// Plain loops, sums in double.
void channelStatisticsReference(const float* x, std::int64_t rows, std::int64_t columns, double* absolute_sums,
                                float* maxima);

}  // namespace quantoscope::kernels
