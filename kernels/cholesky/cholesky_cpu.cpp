#include <cblas.h>
#include <lapacke.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <new>

#include "kernels/cholesky/cholesky.h"
#include "kernels/matmul/matmul.h"

// Row-major lower is what LAPACK calls upper: all calls below say column-major and 'U' for a row-major lower triangle.
// Work goes panel by panel, so that a stop is seen in time and the libraries' own blocking still pays.

// OpenBLAS has them, other libraries of that interface may not. NOLINTs: the header's declarations are made weak here.
extern "C" {
[[gnu::weak]] void openblas_set_num_threads(int count);  // NOLINT(readability-redundant-declaration)
[[gnu::weak]] int openblas_get_num_threads();            // NOLINT(readability-redundant-declaration)
}

namespace quantoscope::kernels {
namespace {

/// In float32 the large products are ours; what is left to the library is too small for its threads, which would only
/// get in the way of ours.
class OneLibraryThread {
public:
    OneLibraryThread() {
        if (openblas_get_num_threads == nullptr || openblas_set_num_threads == nullptr) return;
        before_ = openblas_get_num_threads();
        openblas_set_num_threads(1);
    }
    ~OneLibraryThread() {
        if (before_ > 0) openblas_set_num_threads(before_);
    }
    OneLibraryThread(const OneLibraryThread&) = delete;
    OneLibraryThread& operator=(const OneLibraryThread&) = delete;

private:
    int before_ = 0;
};

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
/// B = R B with R the upper triangle: diagonal blocks by the library, what is right of them as one product each.
KernelStatus multiply(int m, int n, const float* a, float* b, int ld) {
    constexpr int kBlock = 256;
    for (int row = 0; row < m; row += kBlock) {
        const int height = std::min(kBlock, m - row);
        const float* const diagonal = a + static_cast<std::int64_t>(row) * ld + row;
        cblas_strmm(CblasColMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, height, n, 1.0F, diagonal, ld,
                    b + row, ld);
        const int next = row + height;
        const float* const right = a + static_cast<std::int64_t>(next) * ld + row;
        // Seen row-major everything is transposed: B^T += (B below)^T (R right)^T.
        const auto status = addScaledProduct(1.0F, {b + next, ld, 1}, {right, ld, 1}, n, height, m - next, b + row, ld);
        if (status != KernelStatus::ok) return status;
    }
    return KernelStatus::ok;
}
KernelStatus multiply(int m, int n, const double* a, double* b, int ld) {
    cblas_dtrmm(CblasColMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit, m, n, 1.0, a, ld, b, ld);
    return KernelStatus::ok;
}
/// The upper triangle of C -= A^T A, in blocks of columns; what lies below the diagonal inside a block is spoiled.
KernelStatus subtractSquare(int n, int k, const float* a, float* c, int ld) {
    constexpr int kBlock = 256;
    for (int column = 0; column < n; column += kBlock) {
        const int width = std::min(kBlock, n - column);
        const float* const block = a + static_cast<std::int64_t>(column) * ld;
        const auto status = addScaledProduct(-1.0F, {block, ld, 1}, {a, 1, ld}, width, column + width, k,
                                             c + static_cast<std::int64_t>(column) * ld, ld);
        if (status != KernelStatus::ok) return status;
    }
    return KernelStatus::ok;
}
KernelStatus subtractSquare(int n, int k, const double* a, double* c, int ld) {
    cblas_dsyrk(CblasColMajor, CblasUpper, CblasTrans, n, k, -1.0, a, ld, 1.0, c, ld);
    return KernelStatus::ok;
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
        const auto status = subtractSquare(rest, width, right, right + width, ld);
        if (status != KernelStatus::ok) return status;
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
            const auto status = multiply(static_cast<int>(k), width, a, above, ld);
            if (status != KernelStatus::ok) return status;
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
    const OneLibraryThread alone;
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
