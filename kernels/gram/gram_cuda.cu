#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/launchers.cuh"

namespace quantoscope::kernels::cuda {
namespace {

// Rows of the Gram matrix in one product. Of each strip only the part from the diagonal on is computed: half of the
// whole in the end. Wide enough that the strip's product fills a large device by itself.
constexpr std::int64_t kStrip = 2048;
constexpr int kTile = 32;
constexpr int kTileThreadRows = 8;

/// gram(i, j) for i in [first, first + kStrip), j in [first, columns). BLAS sees columns first: x is columns x rows
/// with leading dimension `columns`, the strip is (columns - first) x kStrip.
template <typename Input>
CudaStatus addStrips(CudaContext* context, const Input* x, std::int64_t rows, std::int64_t columns, float* gram,
                     cudaDataType_t type, cublasComputeType_t compute) {
    if (rows <= 0 || columns <= 0) return {};
    QS_CUDA_TRY(enter(context));
    for (std::int64_t first = 0; first < columns; first += kStrip) {
        const std::int64_t width = columns - first < kStrip ? columns - first : kStrip;
        const BlasOperand left{x + first, CUBLAS_OP_N, columns};
        const BlasOperand right{x + first, CUBLAS_OP_T, columns};
        QS_CUDA_TRY(product(context, left, right, columns - first, width, rows, type, compute, 1.0F,
                            gram + first * columns + first, columns));
    }
    return {};
}

/// One block a tile on or above the diagonal: it is read by rows, turned in shared memory, written by rows below.
__global__ void __launch_bounds__(kTile* kTileThreadRows) mirrorTile(float* gram, std::int64_t columns) {
    __shared__ float tile[kTile][kTile + 1];  // one more, so that a column lies in 32 banks
    const std::int64_t tile_row = blockIdx.y;
    const std::int64_t tile_column = blockIdx.x;
    if (tile_column < tile_row) return;
    for (int r = static_cast<int>(threadIdx.y); r < kTile; r += kTileThreadRows) {
        const std::int64_t i = tile_row * kTile + r;
        const std::int64_t j = tile_column * kTile + threadIdx.x;
        if (i < columns && j < columns) tile[r][threadIdx.x] = gram[i * columns + j];
    }
    __syncthreads();
    for (int r = static_cast<int>(threadIdx.y); r < kTile; r += kTileThreadRows) {
        const std::int64_t i = tile_column * kTile + r;
        const std::int64_t j = tile_row * kTile + threadIdx.x;
        if (i < columns && j < columns && j < i) gram[i * columns + j] = tile[threadIdx.x][r];
    }
}

}  // namespace

CudaStatus gramAddFloat32(CudaContext* context, const float* x, std::int64_t rows, std::int64_t columns, float* gram) {
    return addStrips(context, x, rows, columns, gram, CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32);
}

CudaStatus gramAddBfloat16(CudaContext* context, const std::uint16_t* x, std::int64_t rows, std::int64_t columns,
                           float* gram) {
    return addStrips(context, x, rows, columns, gram, CUDA_R_16BF, CUBLAS_COMPUTE_32F);
}

CudaStatus gramMirror(CudaContext* context, float* gram, std::int64_t columns) {
    if (columns <= 0) return {};
    const std::int64_t tiles = (columns + kTile - 1) / kTile;
    if (tiles > 65535) return tooLarge("gramMirror");
    QS_CUDA_TRY(enter(context));
    const dim3 grid(static_cast<unsigned>(tiles), static_cast<unsigned>(tiles));
    mirrorTile<<<grid, dim3(kTile, kTileThreadRows), 0, context->stream>>>(gram, columns);
    return launched("gramMirror");
}

}  // namespace quantoscope::kernels::cuda
