// exp(x) for arrays, float32.
//
// Accuracy: within 2 units in the last place of the true value for x in [-87.3, 88.7]; below that the result is 0 (no
// subnormals), above it is infinity; NaN stays NaN. Method: x = n ln 2 + r with |r| <= ln 2 / 2 (two-part ln 2, Cody
// and Waite), the Taylor polynomial of degree 7 in r by Horner's rule with fused multiply-adds, and 2^n by exponent
// arithmetic.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

/// y[i] = exp(x[i]); y may be x.
void exponential(const float* x, std::int64_t count, float* y);
void exponentialReference(const float* x, std::int64_t count, float* y);

}  // namespace quantoscope::kernels
