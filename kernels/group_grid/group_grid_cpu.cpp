#include <algorithm>
#include <atomic>

#include "kernels/base/cpu_features.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope::kernels {
namespace {

void plainRange(const float* values, std::int64_t count, float& lo, float& hi) {
    lo = *std::min_element(values, values + count);
    hi = *std::max_element(values, values + count);
}

GroupFunctions functions() {
    if (cpuLevel() >= CpuLevel::avx512) return simd_avx512::groupFunctions();
    if (cpuLevel() >= CpuLevel::avx2) return simd_avx2::groupFunctions();
    return {plainRange, reference::encode, reference::round, reference::scale, reference::scaledError};
}

/// Calls work(row, group, first column, column count) for every group, rows shared between threads.
template <typename Work>
KernelStatus forEachGroup(const GroupedMatrix& shape, const std::stop_token& stop, const Work& work) {
    std::atomic<bool> stopped{false};
#pragma omp parallel for schedule(static)
    for (std::int64_t i = 0; i < shape.rows; ++i) {
        if (stopped.load(std::memory_order_relaxed)) continue;
        if (stop.stop_requested()) {
            stopped.store(true, std::memory_order_relaxed);
            continue;
        }
        for (std::int64_t g = 0; g < shape.groupCount(); ++g) {
            const auto first = g * shape.group_size;
            work(i, g, first, std::min(shape.group_size, shape.columns - first));
        }
    }
    return stopped.load() ? KernelStatus::cancelled : KernelStatus::ok;
}

GridPoint gridOfGroup(const GroupFunctions& group, const float* values, std::int64_t count,
                      const GridOptions& options) {
    if (options.search_range) return reference::gridOfValues(values, count, 1, options);
    float lo = 0.0F;
    float hi = 0.0F;
    group.range(values, count, lo, hi);
    return gridOfRange(lo, hi, options);
}

}  // namespace

GridPoint gridOfValues(const float* values, std::int64_t count, std::int64_t stride, const GridOptions& options) {
    return stride == 1 ? gridOfGroup(functions(), values, count, options)
                       : reference::gridOfValues(values, count, stride, options);
}

KernelStatus findGrids(const float* weights, const GroupedMatrix& shape, const GridOptions& options, float* scales,
                       float* zero_points, const std::stop_token& stop) {
    const auto group = functions();
    return forEachGroup(shape, stop, [&](std::int64_t i, std::int64_t g, std::int64_t first, std::int64_t count) {
        const auto grid = gridOfGroup(group, weights + i * shape.row_stride + first, count, options);
        scales[i * shape.groupCount() + g] = grid.scale;
        zero_points[i * shape.groupCount() + g] = grid.zero_point;
    });
}

KernelStatus encodeGroups(const float* weights, const GroupedMatrix& shape, const float* scales,
                          const float* zero_points, int bits, std::uint8_t* codes, const std::stop_token& stop) {
    const auto group = functions();
    return forEachGroup(shape, stop, [&](std::int64_t i, std::int64_t g, std::int64_t first, std::int64_t count) {
        const auto at = i * shape.groupCount() + g;
        group.encode(weights + i * shape.row_stride + first, count, {scales[at], zero_points[at]}, bits,
                     codes + i * shape.columns + first);
    });
}

KernelStatus roundToGrids(const float* weights, const GroupedMatrix& shape, const GridOptions& options, float* values,
                          const std::stop_token& stop) {
    const auto group = functions();
    return forEachGroup(shape, stop, [&](std::int64_t i, std::int64_t, std::int64_t first, std::int64_t count) {
        const auto at = i * shape.row_stride + first;
        group.round(weights + at, count, gridOfGroup(group, weights + at, count, options), options.bits, values + at);
    });
}

KernelStatus scaledRoundingError(const float* weights, const GroupedMatrix& shape, const GridOptions& options,
                                 const float* input_scale, float* error, const std::stop_token& stop) {
    const auto group = functions();
    return forEachGroup(shape, stop, [&](std::int64_t i, std::int64_t, std::int64_t first, std::int64_t count) {
        const float* const from = weights + i * shape.row_stride + first;
        float* const to = error + i * shape.columns + first;
        group.scale(from, input_scale + first, count, to);
        const auto grid = gridOfGroup(group, to, count, options);
        group.scaled_error(from, input_scale + first, count, grid, options.bits, to);
    });
}

}  // namespace quantoscope::kernels
