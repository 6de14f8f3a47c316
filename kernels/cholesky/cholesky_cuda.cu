// BLAS and LAPACK see columns first: a row-major lower triangle is their upper one. As on the CPU the matrix is turned
// around, H = R^T R is found in that upper triangle, R is inverted in place, and the result is turned back.
//
// Both steps halve the matrix until a block is left, so that nearly all the work lies in large products. They touch
// the upper triangle of their blocks alone; what lies in the other one is never read.
#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/cuda_solver.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr std::int64_t kBlock = 1024;  // what cuSOLVER factorizes at once
constexpr std::int64_t kLeaf = 64;     // what one thread block inverts; a thread a column
constexpr std::int64_t kMostRows = 0x7fffffff;
constexpr std::uint64_t kInfoBytes = 256;  // the front of the scratch: cuSOLVER's word; its workspace lies behind

// One name for each library routine in both precisions.
cusolverStatus_t roomOf(cusolverDnHandle_t solver, int n, float* a, int ld, int* count) {
    return cusolverDnSpotrf_bufferSize(solver, CUBLAS_FILL_MODE_UPPER, n, a, ld, count);
}
cusolverStatus_t roomOf(cusolverDnHandle_t solver, int n, double* a, int ld, int* count) {
    return cusolverDnDpotrf_bufferSize(solver, CUBLAS_FILL_MODE_UPPER, n, a, ld, count);
}
cusolverStatus_t factorize(cusolverDnHandle_t solver, int n, float* a, int ld, float* room, int count, int* info) {
    return cusolverDnSpotrf(solver, CUBLAS_FILL_MODE_UPPER, n, a, ld, room, count, info);
}
cusolverStatus_t factorize(cusolverDnHandle_t solver, int n, double* a, int ld, double* room, int count, int* info) {
    return cusolverDnDpotrf(solver, CUBLAS_FILL_MODE_UPPER, n, a, ld, room, count, info);
}
/// B = alpha op(R)^-1 B, or B op(R)^-1 from the right; B is m x n.
cublasStatus_t solve(cublasHandle_t blas, cublasSideMode_t side, cublasOperation_t operation, std::int64_t m,
                     std::int64_t n, float alpha, const float* r, float* b, std::int64_t ld) {
    return cublasStrsm_64(blas, side, CUBLAS_FILL_MODE_UPPER, operation, CUBLAS_DIAG_NON_UNIT, m, n, &alpha, r, ld, b,
                          ld);
}
cublasStatus_t solve(cublasHandle_t blas, cublasSideMode_t side, cublasOperation_t operation, std::int64_t m,
                     std::int64_t n, double alpha, const double* r, double* b, std::int64_t ld) {
    return cublasDtrsm_64(blas, side, CUBLAS_FILL_MODE_UPPER, operation, CUBLAS_DIAG_NON_UNIT, m, n, &alpha, r, ld, b,
                          ld);
}
/// The upper triangle of C -= A^T A; A is k x n.
cublasStatus_t subtractSquare(cublasHandle_t blas, std::int64_t n, std::int64_t k, const float* a, float* c,
                              std::int64_t ld) {
    const float minus = -1.0F;
    const float one = 1.0F;
    return cublasSsyrk_64(blas, CUBLAS_FILL_MODE_UPPER, CUBLAS_OP_T, n, k, &minus, a, ld, &one, c, ld);
}
cublasStatus_t subtractSquare(cublasHandle_t blas, std::int64_t n, std::int64_t k, const double* a, double* c,
                              std::int64_t ld) {
    const double minus = -1.0;
    const double one = 1.0;
    return cublasDsyrk_64(blas, CUBLAS_FILL_MODE_UPPER, CUBLAS_OP_T, n, k, &minus, a, ld, &one, c, ld);
}

__global__ void noteFailure(const int* info, std::int32_t* refused) {
    if (*info != 0) *refused = 1;
}

/// Block b is R's diagonal block from b * kLeaf on; its inverse takes its place. In shared memory R lies on and above
/// the diagonal and column c of the inverse in row c + 1, which is below it: no thread writes what another one reads.
template <typename Real>
__global__ void __launch_bounds__(kLeaf) invertLeaves(Real* a, std::int64_t n) {
    __shared__ Real block[kLeaf + 1][kLeaf + 1];
    const std::int64_t first = static_cast<std::int64_t>(blockIdx.x) * kLeaf;
    const int size = static_cast<int>(n - first < kLeaf ? n - first : kLeaf);
    Real* const corner = a + first * n + first;
    const int c = static_cast<int>(threadIdx.x);
    for (int k = c; k < size; ++k) block[c][k] = corner[k * n + c];  // here the thread is a row
    __syncthreads();
    if (c < size) {
        Real* const x = block[c + 1];
        x[c] = Real{1} / block[c][c];
        for (int i = c - 1; i >= 0; --i) {
            Real sum = 0;
            for (int k = i + 1; k <= c; ++k) sum += block[i][k] * x[k];
            x[i] = -sum / block[i][i];
        }
    }
    __syncthreads();
    for (int k = c; k < size; ++k) corner[k * n + c] = block[k + 1][c];
}

/// Entry p changes places with entry count - 1 - p; with an odd count the one in the middle stays.
__global__ void __launch_bounds__(kThreads) turnAround(float* matrix, std::int64_t count) {
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t p = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; p < count / 2; p += stride) {
        const float entry = matrix[p];
        matrix[p] = matrix[count - 1 - p];
        matrix[count - 1 - p] = entry;
    }
}

/// The same, zeros below the diagonal. (i, j) goes to (n - 1 - i, n - 1 - j), from below the diagonal to above it.
__global__ void __launch_bounds__(kThreads) turnFactorBack(float* matrix, std::int64_t n) {
    const std::int64_t count = n * n;
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t p = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; p < count / 2; p += stride) {
        const std::int64_t i = p / n;
        const std::int64_t j = p - i * n;
        const float entry = matrix[p];
        matrix[p] = j >= i ? matrix[count - 1 - p] : 0.0F;
        matrix[count - 1 - p] = j <= i ? entry : 0.0F;
    }
}

__global__ void __launch_bounds__(kThreads) widenTurned(const float* matrix, std::int64_t count, double* wide) {
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t p = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; p < count; p += stride)
        wide[p] = static_cast<double>(matrix[count - 1 - p]);
}

__global__ void __launch_bounds__(kThreads) narrowTurned(const double* wide, std::int64_t n, float* matrix) {
    const std::int64_t count = n * n;
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t p = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; p < count; p += stride) {
        const std::int64_t i = p / n;
        matrix[p] = p - i * n >= i ? static_cast<float>(wide[count - 1 - p]) : 0.0F;
    }
}

/// As on the CPU a factor counts only with a finite, positive diagonal. Whoever writes writes the same.
__global__ void __launch_bounds__(kThreads) checkDiagonal(const float* factor, std::int64_t n, std::int32_t* refused) {
    const std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
    if (i >= n) return;
    const float value = factor[i * n + i];
    if (!(value > 0.0F && isfinite(value))) *refused = 1;
}

/// The larger half in whole blocks, so that every block but the last is whole and begins at a multiple of `block`.
std::int64_t firstHalf(std::int64_t n, std::int64_t block) {
    return (n / 2 + block - 1) / block * block;
}

template <typename Real>
class TurnedFactor {
public:
    TurnedFactor(CudaContext* context, Real* a, std::int64_t n, std::int32_t* refused)
        : context_(context), a_(a), n_(n), refused_(refused) {}

    /// A = R^T R, then R^-1 over R.
    CudaStatus find() {
        QS_CUDA_TRY(factorizeFrom(0, n_));
        QS_CUDA_TRY(invertFrom(0, n_));
        const auto leaves = static_cast<unsigned>((n_ + kLeaf - 1) / kLeaf);
        invertLeaves<<<leaves, kLeaf, 0, context_->stream>>>(a_, n_);
        return launched("inverseFactor");
    }

private:
    Real* at(std::int64_t row, std::int64_t column) const { return a_ + column * n_ + row; }

    CudaStatus factorizeFrom(std::int64_t first, std::int64_t size) {
        if (size <= kBlock) return factorizeBlock(first, static_cast<int>(size));
        const auto half = firstHalf(size, kBlock);
        const auto next = first + half;
        const auto rest = size - half;
        QS_CUDA_TRY(factorizeFrom(first, half));
        QS_CUDA_TRY(statusOf(solve(context_->blas, CUBLAS_SIDE_LEFT, CUBLAS_OP_T, half, rest, Real{1}, at(first, first),
                                   at(first, next), n_),
                             "cublasTrsm"));
        QS_CUDA_TRY(
            statusOf(subtractSquare(context_->blas, rest, half, at(first, next), at(next, next), n_), "cublasSyrk"));
        return factorizeFrom(next, rest);
    }

    /// A refusal does not stop what is queued: the rest computes with what is there, and nobody uses the result.
    CudaStatus factorizeBlock(std::int64_t first, int size) {
        int count = 0;
        const auto ld = static_cast<int>(n_);
        QS_CUDA_TRY(statusOf(roomOf(context_->solver, size, at(first, first), ld, &count), "cusolverDnPotrf size"));
        if (static_cast<std::uint64_t>(count) * sizeof(Real) > kScratchBytes - kInfoBytes)
            return tooLarge("cusolverDnPotrf");
        auto* const info = static_cast<int*>(context_->scratch);
        auto* const room = reinterpret_cast<Real*>(static_cast<char*>(context_->scratch) + kInfoBytes);
        QS_CUDA_TRY(
            statusOf(factorize(context_->solver, size, at(first, first), ld, room, count, info), "cusolverDnPotrf"));
        noteFailure<<<1, 1, 0, context_->stream>>>(info, refused_);
        return launched("inverseFactor");
    }

    /// The inverse of (A B; 0 C) is (A^-1, -A^-1 B C^-1; 0, C^-1): B first, while A and C are still there, then the
    /// same for both. What is left on the diagonal are leaves.
    CudaStatus invertFrom(std::int64_t first, std::int64_t size) {
        if (size <= kLeaf) return {};
        const auto half = firstHalf(size, kLeaf);
        const auto next = first + half;
        const auto rest = size - half;
        QS_CUDA_TRY(statusOf(solve(context_->blas, CUBLAS_SIDE_LEFT, CUBLAS_OP_N, half, rest, Real{-1},
                                   at(first, first), at(first, next), n_),
                             "cublasTrsm"));
        QS_CUDA_TRY(statusOf(solve(context_->blas, CUBLAS_SIDE_RIGHT, CUBLAS_OP_N, half, rest, Real{1}, at(next, next),
                                   at(first, next), n_),
                             "cublasTrsm"));
        QS_CUDA_TRY(invertFrom(first, half));
        return invertFrom(next, rest);
    }

    CudaContext* context_;
    Real* a_;
    std::int64_t n_;
    std::int32_t* refused_;
};

CudaStatus begin(CudaContext* context, std::int64_t n, std::int32_t* refused) {
    if (n > kMostRows) return tooLarge("inverseFactor");
    return fillWithZero(context, refused, sizeof(*refused));
}

CudaStatus check(CudaContext* context, const float* factor, std::int64_t n, std::int32_t* refused) {
    const auto blocks = static_cast<unsigned>((n + kThreads - 1) / kThreads);
    checkDiagonal<<<blocks, kThreads, 0, context->stream>>>(factor, n, refused);
    return launched("inverseFactor");
}

}  // namespace

CudaStatus inverseFactor(CudaContext* context, float* matrix, std::int64_t n, std::int32_t* refused) {
    if (n <= 0) return {};
    QS_CUDA_TRY(begin(context, n, refused));
    const unsigned blocks = stridedBlocks((n * n + 1) / 2);
    turnAround<<<blocks, kThreads, 0, context->stream>>>(matrix, n * n);
    QS_CUDA_TRY(launched("inverseFactor"));
    QS_CUDA_TRY(TurnedFactor(context, matrix, n, refused).find());
    turnFactorBack<<<blocks, kThreads, 0, context->stream>>>(matrix, n);
    QS_CUDA_TRY(launched("inverseFactor"));
    return check(context, matrix, n, refused);
}

CudaStatus inverseFactorFloat64(CudaContext* context, float* matrix, std::int64_t n, double* wide,
                                std::int32_t* refused) {
    if (n <= 0) return {};
    QS_CUDA_TRY(begin(context, n, refused));
    const unsigned blocks = stridedBlocks(n * n);
    widenTurned<<<blocks, kThreads, 0, context->stream>>>(matrix, n * n, wide);
    QS_CUDA_TRY(launched("inverseFactorFloat64"));
    QS_CUDA_TRY(TurnedFactor(context, wide, n, refused).find());
    narrowTurned<<<blocks, kThreads, 0, context->stream>>>(wide, n, matrix);
    QS_CUDA_TRY(launched("inverseFactorFloat64"));
    return check(context, matrix, n, refused);
}

}  // namespace quantoscope::kernels::cuda
