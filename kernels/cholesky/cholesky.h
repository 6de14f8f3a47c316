// The factor GPTQ sweeps with, and the only place that calls LAPACK.
//
// For a symmetric positive definite H (n x n, row-major) finds the upper triangular U with H^-1 = U^T U. No inverse is
// formed: with the order of rows and columns turned around H = L L^T, and U is L^-1 turned back. That is two thirds of
// n^3 multiplications and one matrix in place.
#pragma once

#include <cstdint>
#include <stop_token>

#include "kernels/base/kernel_status.h"

namespace quantoscope::kernels {

/// `matrix`: H in, U out with zeros below the diagonal. After `not_positive_definite` or `cancelled` its content is
/// undefined. The token is polled between panels.
KernelStatus inverseFactor(float* matrix, std::int64_t n, const std::stop_token& stop = {});
/// The same with float64 inside: needs two more times the memory, succeeds where float32 runs out of digits.
KernelStatus inverseFactorFloat64(float* matrix, std::int64_t n, const std::stop_token& stop = {});

/// Plain loops in double: Cholesky of H, its inverse, Cholesky of that.
KernelStatus inverseFactorReference(const float* matrix, std::int64_t n, float* factor);

}  // namespace quantoscope::kernels
