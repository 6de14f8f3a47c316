// The sweep as on the CPU, on a copy of the weights in the order of the sweep. A span of up to 128 places is one launch
// in which a warp sweeps a row with everything in registers; what follows the span sees its errors by one product.
// Places that are done hold their errors with the sign turned, so that the product adds.
#include "kernels/cuda/cuda_blas.cuh"
#include "kernels/cuda/launchers.cuh"
#include "kernels/gptq_solve/gptq_solve.h"
#include "kernels/group_grid/group_grid_device.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr int kWarps = kThreads / 32;
constexpr int kSpan = 128;
constexpr int kSlots = kSpan / 32;  // a lane holds the places lane, lane + 32, ...

__device__ std::int64_t columnAt(const std::int32_t* order, std::int64_t place) {
    return order == nullptr ? place : order[place];
}

__global__ void __launch_bounds__(kThreads) orderColumns(const float* weights, const std::int32_t* order,
                                                         std::int64_t columns, std::int64_t count, float* values) {
    const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
    for (std::int64_t p = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; p < count; p += stride) {
        const std::int64_t row = p / columns;
        values[p] = weights[row * columns + columnAt(order, p - row * columns)];
    }
}

/// Grids of `wanted` groups from `first_group` on, from the values as they are now; a warp a group.
__global__ void __launch_bounds__(kThreads)
    findGroupGrids(GptqProblem problem, const float* values, std::int64_t groups, std::int64_t first_group,
                   std::int64_t wanted) {
    const std::int64_t task = static_cast<std::int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
    const std::int64_t row = task / wanted;
    if (row >= problem.rows) return;  // the whole warp
    const std::int64_t group = first_group + (task - row * wanted);
    const std::int64_t first = group * problem.group_size;
    const std::int64_t left = problem.columns - first;
    const float* const from = values + row * problem.columns + first;
    const GridPoint grid = gridOfGroup([from](std::int64_t j) { return from[j]; },
                                       left < problem.group_size ? left : problem.group_size, problem.grid);
    if (threadIdx.x % 32 != 0) return;
    problem.scales[row * groups + group] = grid.scale;
    problem.zero_points[row * groups + group] = grid.zero_point;
}

/// A place of the sweep in a row: what is rounded, on which grid, and U's diagonal entry.
struct Place {
    float weight = 0.0F;
    GridPoint grid{1.0F, 0.0F};
    float pivot = 1.0F;

    __device__ float code(float largest) const { return codeOf(weight, grid, largest); }
    __device__ float error(float largest) const { return (weight - valueOfCode(code(largest), grid)) / pivot; }
};

/// The span of places [begin, begin + width) of one row, spread over a warp.
class SpanOfRow {
public:
    __device__ SpanOfRow(const GptqProblem& problem, std::int64_t groups, float* values, std::int64_t row,
                         std::int64_t begin, int width)
        : problem_(problem),
          row_(row),
          begin_(begin),
          width_(width),
          corner_(problem.factor + begin * problem.columns + begin),
          values_(values + row * problem.columns + begin),
          largest_(largestCode(problem.grid.bits)) {
#pragma unroll
        for (int slot = 0; slot < kSlots; ++slot) {
            const int place = slot * 32 + lane();
            if (place >= width) continue;
            const std::int64_t ranked = problem.fixed_grids ? columnAt(problem.order, begin + place) : begin + place;
            const std::int64_t at = row * groups + ranked / problem.group_size;
            places_[slot] = {
                values_[place], {problem.scales[at], problem.zero_points[at]}, corner_[place * (problem.columns + 1)]};
        }
    }

    /// Rounds place after place. Each lane has the error of its own next place at hand, and the lane whose turn it is
    /// tells the others. All lanes call it.
    __device__ void sweep() {
#pragma unroll
        for (int slot = 0; slot < kSlots; ++slot) {
            for (int turn = 0; turn < 32 && slot * 32 + turn < width_; ++turn) {
                const int now = slot * 32 + turn;
                const float error = __shfl_sync(0xffffffffU, places_[slot].error(largest_), turn);
                const float* const push = corner_ + now * problem_.columns;
#pragma unroll
                for (int later = slot; later < kSlots; ++later) {
                    const int place = later * 32 + lane();
                    if (place > now && place < width_)
                        places_[later].weight = fmaf(-error, __ldg(push + place), places_[later].weight);
                }
            }
        }
    }

    /// A place that was rounded was not changed any more, so its code and error are computed once again instead of
    /// being kept. Returns the sum of the lane's squared errors.
    __device__ double store() const {
        double squares = 0.0;
#pragma unroll
        for (int slot = 0; slot < kSlots; ++slot) {
            const int place = slot * 32 + lane();
            if (place >= width_) continue;
            const float error = places_[slot].error(largest_);
            squares += static_cast<double>(error) * static_cast<double>(error);
            values_[place] = -error;
            problem_.codes[row_ * problem_.columns + columnAt(problem_.order, begin_ + place)] =
                static_cast<std::uint8_t>(places_[slot].code(largest_));
        }
        return squares;
    }

private:
    __device__ static int lane() { return static_cast<int>(threadIdx.x % 32); }

    const GptqProblem& problem_;
    std::int64_t row_;
    std::int64_t begin_;
    int width_;
    const float* corner_;  ///< of the factor: its entry on the diagonal at `begin`
    float* values_;
    float largest_;
    Place places_[kSlots];
};

__global__ void __launch_bounds__(kThreads)
    sweepSpan(GptqProblem problem, float* values, std::int64_t groups, std::int64_t begin, int width) {
    const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
    if (row >= problem.rows) return;  // the whole warp
    SpanOfRow span(problem, groups, values, row, begin, width);
    span.sweep();
    const double squares = combineWarp(span.store(), Add{});
    if (threadIdx.x % 32 == 0) problem.row_errors[row] += squares / 2.0;
}

class Sweep {
public:
    Sweep(CudaContext* context, const GptqProblem& problem, float* values)
        : context_(context), problem_(problem), values_(values), groups_(problem.groupCount()) {}

    CudaStatus begin() {
        const std::int64_t count = problem_.rows * problem_.columns;
        QS_CUDA_TRY(
            fillWithZero(context_, problem_.row_errors, static_cast<std::uint64_t>(problem_.rows) * sizeof(double)));
        orderColumns<<<stridedBlocks(count), kThreads, 0, context_->stream>>>(problem_.weights, problem_.order,
                                                                              problem_.columns, count, values_);
        return launched("gptqSolve");
    }

    CudaStatus block(std::int64_t first, std::int64_t end) {
        if (!problem_.fixed_grids) QS_CUDA_TRY(findGrids(first, end));
        for (; first < end; first += kSpan) QS_CUDA_TRY(span(first, end - first < kSpan ? end - first : kSpan));
        return {};
    }

private:
    /// Of the groups that begin in [first, end).
    CudaStatus findGrids(std::int64_t first, std::int64_t end) {
        const std::int64_t size = problem_.group_size;
        const std::int64_t first_group = (first + size - 1) / size;
        const std::int64_t wanted = (end + size - 1) / size - first_group;
        if (wanted <= 0) return {};
        const std::int64_t blocks = (problem_.rows * wanted + kWarps - 1) / kWarps;
        if (blocks > kMostBlocks) return tooLarge("gptqSolve");
        findGroupGrids<<<static_cast<unsigned>(blocks), kThreads, 0, context_->stream>>>(problem_, values_, groups_,
                                                                                         first_group, wanted);
        return launched("gptqSolve");
    }

    /// BLAS sees columns first: the errors are width x rows and the factor's strip what is left x width.
    CudaStatus span(std::int64_t first, std::int64_t width) {
        const std::int64_t n = problem_.columns;
        const std::int64_t blocks = (problem_.rows + kWarps - 1) / kWarps;
        if (blocks > kMostBlocks) return tooLarge("gptqSolve");
        sweepSpan<<<static_cast<unsigned>(blocks), kThreads, 0, context_->stream>>>(problem_, values_, groups_, first,
                                                                                    static_cast<int>(width));
        QS_CUDA_TRY(launched("gptqSolve"));
        const std::int64_t next = first + width;
        if (next >= n) return {};
        return product(context_, {problem_.factor + first * n + next, CUBLAS_OP_N, n},
                       {values_ + first, CUBLAS_OP_N, n}, n - next, problem_.rows, width, CUDA_R_32F,
                       CUBLAS_COMPUTE_32F, 1.0F, values_ + next, n);
    }

    CudaContext* context_;
    GptqProblem problem_;
    float* values_;
    std::int64_t groups_;
};

}  // namespace

CudaStatus gptqSolve(CudaContext* context, const GptqProblem* problem, float* values) {
    const auto columns = problem->columns;
    if (problem->rows <= 0 || columns <= 0) return {};
    QS_CUDA_TRY(enter(context));
    Sweep sweep(context, *problem, values);
    QS_CUDA_TRY(sweep.begin());
    for (std::int64_t first = 0; first < columns; first += problem->block_size)
        QS_CUDA_TRY(sweep.block(first, columns - first < problem->block_size ? columns : first + problem->block_size));
    return {};
}

}  // namespace quantoscope::kernels::cuda
