// Root-mean-square norm: y(t, c) = weight(c) * (x(t, c) * r(t)), r(t) = 1 / sqrt(mean over c of x(t, c)^2 + epsilon).
//
// x, y: rows x columns, dense row-major; y may be x (float32 form). Statistics are float32 (the reference sums in
// double): sixteen running sums added in a fixed order, so the same input gives the same bytes at one CPU level.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

void rmsNorm(const float* x, const float* weight, float epsilon, std::int64_t rows, std::int64_t columns, float* y);
/// The same, rounded to bfloat16 (nearest, ties to even).
void rmsNorm(const float* x, const float* weight, float epsilon, std::int64_t rows, std::int64_t columns,
             std::uint16_t* y);

void rmsNormReference(const float* x, const float* weight, float epsilon, std::int64_t rows, std::int64_t columns,
                      float* y);

}  // namespace quantoscope::kernels
