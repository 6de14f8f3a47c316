// Rounding to nearest on a GPU: every group's grid and its codes.
#pragma once

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/gpu.h"
#include "core/methods/quantized_tensor.h"
#include "core/tensor/matrix.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope {

/// Fills scales, zero points and codes of `tensor`, which has room for them, with what group_grid.h's findGrids and
/// encodeGroups give; the same bytes unless a range is searched for. False where the GPU has no room for one row.
Result<bool> roundOnGpu(Gpu& gpu, const Matrix& weight, const kernels::GridOptions& grid, const JobContext& job,
                        QuantizedTensor& tensor);

}  // namespace quantoscope
