// A warp a group. In the last pass over a group a lane touches only what it alone read, so results may take the place
// of the weights.
#include "kernels/cuda/cuda_context.cuh"
#include "kernels/cuda/launchers.cuh"
#include "kernels/group_grid/group_grid_device.cuh"

namespace quantoscope::kernels::cuda {
namespace {

constexpr int kWarps = kThreads / 32;

/// GroupedMatrix for the device.
struct Groups {
    std::int64_t rows;
    std::int64_t columns;
    std::int64_t group_size;
    std::int64_t row_stride;
    std::int64_t per_row;
};

/// The group of a warp; count is 0 where there is none.
struct Group {
    std::int64_t row = 0;
    std::int64_t first = 0;  ///< column
    std::int64_t count = 0;
    std::int64_t number = 0;  ///< among all groups
};

__device__ Group groupOfWarp(const Groups& groups) {
    Group group;
    group.number = static_cast<std::int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
    group.row = group.number / groups.per_row;
    if (group.row >= groups.rows) return group;
    group.first = (group.number - group.row * groups.per_row) * groups.group_size;
    const std::int64_t left = groups.columns - group.first;
    group.count = left < groups.group_size ? left : groups.group_size;
    return group;
}

__global__ void __launch_bounds__(kThreads)
    findGroup(const float* weights, Groups groups, GridOptions options, float* scales, float* zero_points) {
    const Group group = groupOfWarp(groups);
    if (group.count == 0) return;  // the whole warp
    const float* const from = weights + group.row * groups.row_stride + group.first;
    const GridPoint grid = gridOfGroup([from](std::int64_t j) { return from[j]; }, group.count, options);
    if (threadIdx.x % 32 != 0) return;
    scales[group.number] = grid.scale;
    zero_points[group.number] = grid.zero_point;
}

__global__ void __launch_bounds__(kThreads) encodeGroup(const float* weights, Groups groups, const float* scales,
                                                        const float* zero_points, float largest, std::uint8_t* codes) {
    const Group group = groupOfWarp(groups);
    if (group.count == 0) return;
    const float* const from = weights + group.row * groups.row_stride + group.first;
    std::uint8_t* const to = codes + group.row * groups.columns + group.first;
    const GridPoint grid{scales[group.number], zero_points[group.number]};
    for (std::int64_t j = threadIdx.x % 32; j < group.count; j += 32)
        to[j] = static_cast<std::uint8_t>(codeOf(from[j], grid, largest));
}

__global__ void __launch_bounds__(kThreads)
    roundGroup(const float* weights, Groups groups, GridOptions options, float* values) {
    const Group group = groupOfWarp(groups);
    if (group.count == 0) return;
    const std::int64_t at = group.row * groups.row_stride + group.first;
    const float* const from = weights + at;
    const GridPoint grid = gridOfGroup([from](std::int64_t j) { return from[j]; }, group.count, options);
    const float largest = largestCode(options.bits);
    for (std::int64_t j = threadIdx.x % 32; j < group.count; j += 32)
        values[at + j] = valueOfCode(codeOf(from[j], grid, largest), grid);
}

__global__ void __launch_bounds__(kThreads) scaledErrorOfGroup(const float* weights, Groups groups, GridOptions options,
                                                               const float* input_scale, float* error) {
    const Group group = groupOfWarp(groups);
    if (group.count == 0) return;
    const float* const from = weights + group.row * groups.row_stride + group.first;
    const float* const scale = input_scale + group.first;
    float* const to = error + group.row * groups.columns + group.first;
    const auto scaledAt = [from, scale](std::int64_t j) { return from[j] * scale[j]; };
    const GridPoint grid = gridOfGroup(scaledAt, group.count, options);
    const float largest = largestCode(options.bits);
    for (std::int64_t j = threadIdx.x % 32; j < group.count; j += 32)
        to[j] = valueOfCode(codeOf(scaledAt(j), grid, largest), grid) / scale[j] - from[j];
}

/// Launches `kernel` with a warp for every group.
template <typename... Parameters, typename... Arguments>
CudaStatus forEachGroup(CudaContext* context, const GroupedMatrix& shape, const char* operation,
                        void (*kernel)(const float*, Groups, Parameters...), const float* weights,
                        Arguments... arguments) {
    if (shape.rows <= 0 || shape.columns <= 0) return {};
    const Groups groups{shape.rows, shape.columns, shape.group_size, shape.row_stride, shape.groupCount()};
    const std::int64_t blocks = (groups.rows * groups.per_row + kWarps - 1) / kWarps;
    if (blocks > kMostBlocks) return tooLarge(operation);
    QS_CUDA_TRY(enter(context));
    kernel<<<static_cast<unsigned>(blocks), kThreads, 0, context->stream>>>(weights, groups, arguments...);
    return launched(operation);
}

}  // namespace

CudaStatus findGrids(CudaContext* context, const float* weights, const GroupedMatrix* shape, const GridOptions* options,
                     float* scales, float* zero_points) {
    return forEachGroup(context, *shape, "findGrids", findGroup, weights, *options, scales, zero_points);
}

CudaStatus encodeGroups(CudaContext* context, const float* weights, const GroupedMatrix* shape, const float* scales,
                        const float* zero_points, int bits, std::uint8_t* codes) {
    const auto largest = static_cast<float>((1 << bits) - 1);
    return forEachGroup(context, *shape, "encodeGroups", encodeGroup, weights, scales, zero_points, largest, codes);
}

CudaStatus roundToGrids(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                        const GridOptions* options, float* values) {
    return forEachGroup(context, *shape, "roundToGrids", roundGroup, weights, *options, values);
}

CudaStatus scaledRoundingError(CudaContext* context, const float* weights, const GroupedMatrix* shape,
                               const GridOptions* options, const float* input_scale, float* error) {
    return forEachGroup(context, *shape, "scaledRoundingError", scaledErrorOfGroup, weights, *options, input_scale,
                        error);
}

}  // namespace quantoscope::kernels::cuda
