#include <cmath>
#include <vector>

#include "kernels/cholesky/cholesky.h"

namespace quantoscope::kernels {
namespace {

/// Lower L with a = L L^T, in place; false when a pivot is not positive.
bool cholesky(std::vector<double>& a, std::int64_t n) {
    const auto at = [n](std::int64_t i, std::int64_t j) { return static_cast<std::size_t>(i * n + j); };
    for (std::int64_t j = 0; j < n; ++j) {
        for (std::int64_t i = j; i < n; ++i) {
            double sum = a[at(i, j)];
            for (std::int64_t k = 0; k < j; ++k) sum -= a[at(i, k)] * a[at(j, k)];
            if (i == j && !(sum > 0.0)) return false;
            a[at(i, j)] = i == j ? std::sqrt(sum) : sum / a[at(j, j)];
        }
    }
    return true;
}

/// (L L^T)^-1 from L: solves for one column of the identity after another.
std::vector<double> inverseFromFactor(const std::vector<double>& factor, std::int64_t n) {
    const auto at = [n](std::int64_t i, std::int64_t j) { return static_cast<std::size_t>(i * n + j); };
    std::vector<double> inverse(factor.size());
    std::vector<double> x(static_cast<std::size_t>(n));
    for (std::int64_t c = 0; c < n; ++c) {
        for (std::int64_t i = 0; i < n; ++i) {
            double sum = i == c ? 1.0 : 0.0;
            for (std::int64_t k = 0; k < i; ++k) sum -= factor[at(i, k)] * x[static_cast<std::size_t>(k)];
            x[static_cast<std::size_t>(i)] = sum / factor[at(i, i)];
        }
        for (std::int64_t i = n - 1; i >= 0; --i) {
            double sum = x[static_cast<std::size_t>(i)];
            for (std::int64_t k = i + 1; k < n; ++k) sum -= factor[at(k, i)] * x[static_cast<std::size_t>(k)];
            x[static_cast<std::size_t>(i)] = sum / factor[at(i, i)];
        }
        for (std::int64_t i = 0; i < n; ++i) inverse[at(i, c)] = x[static_cast<std::size_t>(i)];
    }
    return inverse;
}

}  // namespace

KernelStatus inverseFactorReference(const float* matrix, std::int64_t n, float* factor) {
    std::vector<double> a(matrix, matrix + n * n);
    if (!cholesky(a, n)) return KernelStatus::not_positive_definite;
    auto inverse = inverseFromFactor(a, n);
    if (!cholesky(inverse, n)) return KernelStatus::not_positive_definite;
    for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = 0; j < n; ++j)
            factor[i * n + j] = j < i ? 0.0F : static_cast<float>(inverse[static_cast<std::size_t>(j * n + i)]);
    return KernelStatus::ok;
}

}  // namespace quantoscope::kernels
