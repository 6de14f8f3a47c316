// Half of the symmetric product in strips of columns: what lies before a strip counts twice, the strip's own square
// once. The products of a strip go to the scratch, so rows come in slabs.
#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/device_float.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr std::int64_t kStrip = 1024;  // columns: a slab of 16384 rows fits the scratch
constexpr int kWarps = kThreads / 32;

/// energy(row) += weight * error(row, first .. first + width) . products(row); a warp a row.
__global__ void __launch_bounds__(kThreads)
    addDots(const float* error, std::int64_t columns, const float* products, std::int64_t rows, std::int64_t width,
            double weight, double* energy) {
    const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
    if (row >= rows) return;  // the whole warp
    double sum = 0.0;
    for (std::int64_t j = threadIdx.x % 32; j < width; j += 32)
        sum += static_cast<double>(error[row * columns + j]) * static_cast<double>(products[row * width + j]);
    sum = combineWarp(sum, Add{});
    if (threadIdx.x % 32 == 0) energy[row] += weight * sum;
}

/// Up to as many rows as the scratch holds the products of.
class Slab {
public:
    Slab(CudaContext* context, const float* error, std::int64_t rows, std::int64_t columns, const float* gram,
         double* energy)
        : context_(context), error_(error), rows_(rows), columns_(columns), gram_(gram), energy_(energy) {}

    CudaStatus run() const {
        QS_CUDA_TRY(fillWithZero(context_, energy_, static_cast<std::uint64_t>(rows_) * sizeof(double)));
        for (std::int64_t first = 0; first < columns_; first += kStrip) {
            const std::int64_t width = columns_ - first < kStrip ? columns_ - first : kStrip;
            if (first > 0) QS_CUDA_TRY(add(0, first, first, width, 2.0));
            QS_CUDA_TRY(add(first, width, first, width, 1.0));
        }
        return {};
    }

private:
    /// The share of columns [from, from + count) against [first, first + width). BLAS sees columns first: the products
    /// are width x rows, the Gram matrix's part width x count.
    CudaStatus add(std::int64_t from, std::int64_t count, std::int64_t first, std::int64_t width, double weight) const {
        auto* const products = static_cast<float*>(context_->scratch);
        QS_CUDA_TRY(product(context_, {gram_ + from * columns_ + first, CUBLAS_OP_N, columns_},
                            {error_ + from, CUBLAS_OP_N, columns_}, width, rows_, count, CUDA_R_32F, CUBLAS_COMPUTE_32F,
                            0.0F, products, width));
        const auto blocks = static_cast<unsigned>((rows_ + kWarps - 1) / kWarps);
        addDots<<<blocks, kThreads, 0, context_->stream>>>(error_ + first, columns_, products, rows_, width, weight,
                                                           energy_);
        return launched("weightedError");
    }

    CudaContext* context_;
    const float* error_;
    std::int64_t rows_;
    std::int64_t columns_;
    const float* gram_;
    double* energy_;
};

}  // namespace

CudaStatus weightedError(CudaContext* context, const float* error, std::int64_t rows, std::int64_t columns,
                         const float* gram, double* energy) {
    if (rows <= 0) return {};
    QS_CUDA_TRY(enter(context));
    constexpr auto kSlab = static_cast<std::int64_t>(kScratchBytes / (kStrip * sizeof(float)));
    for (std::int64_t first = 0; first < rows; first += kSlab) {
        const std::int64_t count = rows - first < kSlab ? rows - first : kSlab;
        QS_CUDA_TRY(Slab(context, error + first * columns, count, columns, gram, energy + first).run());
    }
    return {};
}

}  // namespace quantoscope::kernels::cuda
