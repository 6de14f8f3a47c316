#include <cblas.h>
#include <lapacke.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>

#include "kernels/cholesky/cholesky.h"

// Row-major lower is what LAPACK calls upper: all calls below say column-major and 'U' for a row-major lower triangle.
// Work goes panel by panel, so that a stop is seen in time and the libraries' own blocking still pays.

namespace quantoscope::kernels {
namespace {

constexpr std::int64_t kPanel = 128;

// One name for each library routine in both precisions.
lapack_int factorize(lapack_int n, float* a, lapack_int lda) {
    return LAPACKE_spotrf_work(LAPACK_COL_MAJOR, 'U', n, a, lda);
}
lapack_int factorize(lapack_int n, double* a, lapack_int lda) {
    return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'U', n, a, lda);
}
lapack_int invert(lapack_int n, float* a, lapack_int lda) {
    return LAPACKE_strtri_work(LAPACK_COL_MAJOR, 'U', 'N', n, a, lda);
}
lapack_int invert(lapack_int n, double* a, lapack_int lda) {
    return LAPACKE_dtrtri_work(LAPACK_COL_MAJOR, 'U', 'N', n, a, lda);
}
void solve(CBLAS_SIDE side, CBLAS_TRANSPOSE transpose, int m, int n, float alpha, const float* a, float* b, int ld) {
    cblas_strsm(CblasColMajor, side, CblasUpper, transpose, CblasNonUnit, m, n, alpha, a, ld, b, ld);
}
void solve(CBLAS_SIDE side, CBLAS_TRANSPOSE transpose, int m, int n, double alpha, const double* a, double* b, int ld) {
    cblas_dtrsm(CblasColMajor, side, CblasUpper, transpose, CblasNonUnit, m, n, alpha, a, ld, b, ld);
}
void multiply(int m, int n, const float* a, float* b, int ld) {
    cblas_strmm(CblasColMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, m, n, 1.0F, a, ld, b, ld);
}
void multiply(int m, int n, const double* a, double* b, int ld) {
    cblas_dtrmm(CblasColMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, m, n, 1.0, a, ld, b, ld);
}
void subtractSquare(int n, int k, const float* a, float* c, int ld) {
    cblas_ssyrk(CblasColMajor, CblasUpper, CblasTrans, n, k, -1.0F, a, ld, 1.0F, c, ld);
}
void subtractSquare(int n, int k, const double* a, double* c, int ld) {
    cblas_dsyrk(CblasColMajor, CblasUpper, CblasTrans, n, k, -1.0, a, ld, 1.0, c, ld);
}

/// In column-major terms: A = R^T R, R in the upper triangle.
template <typename Real>
KernelStatus choleskyByPanels(Real* a, std::int64_t n, const std::stop_token& stop) {
    const auto ld = static_cast<int>(n);
    for (std::int64_t k = 0; k < n; k += kPanel) {
        if (stop.stop_requested()) return KernelStatus::cancelled;
        const auto width = static_cast<int>(std::min(kPanel, n - k));
        const auto rest = static_cast<int>(n - k - width);
        Real* const diagonal = a + k * n + k;
        if (factorize(width, diagonal, ld) != 0) return KernelStatus::not_positive_definite;
        if (rest == 0) break;
        Real* const right = diagonal + width * n;
        solve(CblasLeft, CblasTrans, width, rest, Real{1}, diagonal, right, ld);
        subtractSquare(rest, width, right, right + width, ld);
    }
    return KernelStatus::ok;
}

/// In column-major terms: R^-1 over R in the upper triangle.
template <typename Real>
KernelStatus invertByPanels(Real* a, std::int64_t n, const std::stop_token& stop) {
    const auto ld = static_cast<int>(n);
    for (std::int64_t k = 0; k < n; k += kPanel) {
        if (stop.stop_requested()) return KernelStatus::cancelled;
        const auto width = static_cast<int>(std::min(kPanel, n - k));
        Real* const above = a + k * n;
        Real* const diagonal = above + k;
        if (k > 0) {
            multiply(static_cast<int>(k), width, a, above, ld);
            solve(CblasRight, CblasNoTrans, static_cast<int>(k), width, Real{-1}, diagonal, above, ld);
        }
        if (invert(width, diagonal, ld) != 0) return KernelStatus::not_positive_definite;
    }
    return KernelStatus::ok;
}

/// The factor of the turned-around matrix in place; the order is turned back by the caller.
template <typename Real>
KernelStatus factorizeTurned(Real* a, std::int64_t n, const std::stop_token& stop) {
    const auto status = choleskyByPanels(a, n, stop);
    return status == KernelStatus::ok ? invertByPanels(a, n, stop) : status;
}

bool diagonalUsable(const float* factor, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i)
        if (const float value = factor[i * n + i]; !std::isfinite(value) || value <= 0.0F) return false;
    return true;
}

KernelStatus finish(float* factor, std::int64_t n) {
    for (std::int64_t i = 1; i < n; ++i) std::fill_n(factor + i * n, i, 0.0F);
    return diagonalUsable(factor, n) ? KernelStatus::ok : KernelStatus::not_positive_definite;
}

bool fitsLibrary(std::int64_t n) {
    return n > 0 && n <= std::numeric_limits<int>::max();
}

}  // namespace

KernelStatus inverseFactor(float* matrix, std::int64_t n, const std::stop_token& stop) {
    if (!fitsLibrary(n)) return KernelStatus::failed;
    std::reverse(matrix, matrix + n * n);
    const auto status = factorizeTurned(matrix, n, stop);
    if (status != KernelStatus::ok) return status;
    std::reverse(matrix, matrix + n * n);
    return finish(matrix, n);
}

KernelStatus inverseFactorFloat64(float* matrix, std::int64_t n, const std::stop_token& stop) {
    if (!fitsLibrary(n)) return KernelStatus::failed;
    const std::unique_ptr<double[]> wide(new (std::nothrow) double[static_cast<std::size_t>(n * n)]);
    if (!wide) return KernelStatus::out_of_memory;
    std::reverse_copy(matrix, matrix + n * n, wide.get());
    const auto status = factorizeTurned(wide.get(), n, stop);
    if (status != KernelStatus::ok) return status;
    std::transform(wide.get(), wide.get() + n * n, std::make_reverse_iterator(matrix + n * n),
                   [](double value) { return static_cast<float>(value); });
    return finish(matrix, n);
}

}  // namespace quantoscope::kernels
