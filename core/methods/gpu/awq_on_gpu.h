// AWQ's two searches on the GPU that holds the Gram matrix of the linears' input. Weights pass in strips of rows, as
// many as there is room for.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/gpu.h"
#include "core/tensor/matrix.h"
#include "kernels/awq_search/awq_search.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope {

/// A linear that takes the scales into its columns, and how it will be rounded.
struct ScaledLinear {
    const Matrix* weight = nullptr;
    kernels::GridOptions grid;
    std::int64_t group_size = 0;
};

/// For each of `scales` (each as many values as the linears have columns) the squared change of the linears' outputs
/// over the tokens of `gram` (columns x columns, whole). Empty where the device has no room. Waits.
Result<std::vector<double>> scaleLossesOnGpu(const GpuBytes& gram, std::span<const ScaledLinear> linears,
                                             std::span<const std::vector<float>> scales, const JobContext& job);

/// Clamps `weight` to the limits that findClipLimits finds with these Gram matrices of its groups. False where the
/// device has no room: nothing is done then. Waits.
Result<bool> clipOnGpu(Gpu& gpu, Matrix& weight, const kernels::GroupedMatrix& shape, const kernels::GridOptions& grid,
                       const kernels::ClipGrid& clip, std::span<const float> grams, const JobContext& job);

}  // namespace quantoscope
