// Output energies on the GPU that gathered the second moments.
#pragma once

#include <optional>
#include <vector>

#include "core/base/result.h"
#include "core/device/gpu.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// By row i of the matrix: m_i G m_i^T. Nothing where the device has no room. Waits.
Result<std::optional<std::vector<double>>> energiesOnGpu(const Matrix& matrix, const GpuBytes& gram);

}  // namespace quantoscope
