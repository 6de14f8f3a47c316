// The clip search, candidate by candidate for all groups of a slab of rows: the change that clamping and rounding make,
// its product with the groups' Gram matrices in one batch, and the pick. What is between lies in the scratch.
#include "kernels/awq_search/awq_search.h"
#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/launchers.cuh"
#include "kernels/group_grid/group_grid_device.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr int kWarps = kThreads / 32;

/// Some rows of the weights with the scratch they are searched in.
struct ClipSlab {
    const float* weights;
    std::int64_t rows;
    std::int64_t columns;
    std::int64_t group_size;
    std::int64_t row_stride;
    std::int64_t groups;  ///< of a row
    double* least;        ///< rows x groups: error of the limits
    float* change;        ///< rows x columns
    float* product;       ///< rows x columns
    float* tried;         ///< rows x groups: limits of the candidate at hand
    float* limits;        ///< rows x groups, out
};

/// Where the group of a warp begins, and how long it is; 0 where there is none.
struct ClipGroup {
    std::int64_t number;  ///< among the slab's groups
    std::int64_t row;
    std::int64_t first;
    std::int64_t count;
};

__device__ ClipGroup groupOfWarp(const ClipSlab& slab) {
    const std::int64_t number = static_cast<std::int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
    const std::int64_t row = number / slab.groups;
    if (row >= slab.rows) return {number, row, 0, 0};
    const std::int64_t first = (number - row * slab.groups) * slab.group_size;
    const std::int64_t left = slab.columns - first;
    return {number, row, first, left < slab.group_size ? left : slab.group_size};
}

__device__ float clamped(float value, float limit) {
    return fminf(fmaxf(value, -limit), limit);
}

/// change = Q(clamp(w, -c, c)) - w with c = part * largest |w|; a warp a group.
__global__ void __launch_bounds__(kThreads) tryLimit(ClipSlab slab, GridOptions options, float part) {
    const ClipGroup group = groupOfWarp(slab);
    if (group.count == 0) return;  // the whole warp
    const int lane = static_cast<int>(threadIdx.x % 32);
    const float* const from = slab.weights + group.row * slab.row_stride + group.first;
    float* const to = slab.change + group.row * slab.columns + group.first;
    float largest = 0.0F;
    for (std::int64_t j = lane; j < group.count; j += 32) largest = fmaxf(largest, fabsf(from[j]));
    const float limit = combineWarp(largest, Larger{}) * part;
    const auto clampedAt = [from, limit](std::int64_t j) { return clamped(from[j], limit); };
    const GridPoint grid = gridOfGroup(clampedAt, group.count, options);
    const float largest_code = largestCode(options.bits);
    for (std::int64_t j = lane; j < group.count; j += 32)
        to[j] = valueOfCode(codeOf(clampedAt(j), grid, largest_code), grid) - from[j];
    if (lane == 0) slab.tried[group.number] = limit;
}

/// Keeps the limit just tried where it is the first candidate or better than all before.
__global__ void __launch_bounds__(kThreads) keepBetter(ClipSlab slab, bool is_first) {
    const ClipGroup group = groupOfWarp(slab);
    if (group.count == 0) return;
    const std::int64_t at = group.row * slab.columns + group.first;
    double error = 0.0;
    for (std::int64_t j = threadIdx.x % 32; j < group.count; j += 32)
        error += static_cast<double>(slab.change[at + j]) * static_cast<double>(slab.product[at + j]);
    error = combineWarp(error, Add{});
    if (threadIdx.x % 32 != 0) return;
    if (!is_first && error >= slab.least[group.number]) return;
    slab.least[group.number] = error;
    slab.limits[group.number] = slab.tried[group.number];
}

__global__ void __launch_bounds__(kThreads)
    clampRows(float* weights, std::int64_t count, std::int64_t columns, std::int64_t row_stride,
              std::int64_t group_size, std::int64_t groups, const float* limits) {
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t p = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; p < count; p += stride) {
        const std::int64_t row = p / columns;
        const std::int64_t column = p - row * columns;
        float* const at = weights + row * row_stride + column;
        *at = clamped(*at, limits[row * groups + column / group_size]);
    }
}

/// product(row, group) = change(row, group) G(group) for all whole groups at once, and for a short last one. BLAS sees
/// columns first: a group's change is size x rows, and its symmetric matrix is itself.
CudaStatus multiply(CudaContext* context, const ClipSlab& slab, const float* grams) {
    const std::int64_t size = slab.group_size;
    const std::int64_t whole = slab.columns / size;
    const std::int64_t last = slab.columns - whole * size;
    const float one = 1.0F;
    const float zero = 0.0F;
    const auto batch = [&](std::int64_t first_group, std::int64_t width, std::int64_t count) {
        if (width == 0 || count == 0) return CudaStatus{};
        return statusOf(
            cublasGemmStridedBatchedEx_64(context->blas, CUBLAS_OP_N, CUBLAS_OP_N, width, slab.rows, width, &one,
                                          grams + first_group * size * size, CUDA_R_32F, width, size * size,
                                          slab.change + first_group * size, CUDA_R_32F, slab.columns, size, &zero,
                                          slab.product + first_group * size, CUDA_R_32F, slab.columns, size, count,
                                          CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
            "cublasGemmStridedBatchedEx");
    };
    QS_CUDA_TRY(batch(0, size, whole));
    return batch(whole, last, 1);
}

CudaStatus searchSlab(CudaContext* context, const ClipSlab& slab, const GridOptions& grid, const ClipGrid& clip,
                      const float* grams) {
    const auto blocks = static_cast<unsigned>((slab.rows * slab.groups + kWarps - 1) / kWarps);
    for (std::int64_t k = 0; k < clip.candidates; ++k) {
        const auto part = static_cast<float>(1.0 - static_cast<double>(k) / static_cast<double>(clip.steps));
        tryLimit<<<blocks, kThreads, 0, context->stream>>>(slab, grid, part);
        QS_CUDA_TRY(launched("findClipLimits"));
        QS_CUDA_TRY(multiply(context, slab, grams));
        keepBetter<<<blocks, kThreads, 0, context->stream>>>(slab, k == 0);
        QS_CUDA_TRY(launched("findClipLimits"));
    }
    return {};
}

}  // namespace

CudaStatus findClipLimits(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                          const GridOptions* grid, const ClipGrid* clip, const float* grams, float* limits) {
    if (shape->rows <= 0 || shape->columns <= 0) return {};
    QS_CUDA_TRY(enter(context));
    const std::int64_t groups = shape->groupCount();
    const auto row_bytes = static_cast<std::uint64_t>(shape->columns) * 2 * sizeof(float) +
                           static_cast<std::uint64_t>(groups) * (sizeof(double) + sizeof(float));
    const auto most = static_cast<std::int64_t>(kScratchBytes / row_bytes);
    if (most == 0) return tooLarge("findClipLimits");
    for (std::int64_t first = 0; first < shape->rows; first += most) {
        const std::int64_t rows = shape->rows - first < most ? shape->rows - first : most;
        auto* const least = static_cast<double*>(context->scratch);
        auto* const change = reinterpret_cast<float*>(least + rows * groups);
        const ClipSlab slab{weights + first * shape->row_stride,
                            rows,
                            shape->columns,
                            shape->group_size,
                            shape->row_stride,
                            groups,
                            least,
                            change,
                            change + rows * shape->columns,
                            change + 2 * rows * shape->columns,
                            limits + first * groups};
        QS_CUDA_TRY(searchSlab(context, slab, *grid, *clip, grams));
    }
    return {};
}

CudaStatus clampToLimits(CudaContext* context, float* weights, const GroupedMatrix* shape, const float* limits) {
    const std::int64_t count = shape->rows * shape->columns;
    if (count <= 0) return {};
    QS_CUDA_TRY(enter(context));
    clampRows<<<stridedBlocks(count), kThreads, 0, context->stream>>>(weights, count, shape->columns, shape->row_stride,
                                                                      shape->group_size, shape->groupCount(), limits);
    return launched("clampToLimits");
}

}  // namespace quantoscope::kernels::cuda
