// What the methods with a uniform integer grid have in common: their options, and a matrix put on its grid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/option.h"
#include "core/base/result.h"
#include "core/methods/method.h"
#include "core/methods/quantized_tensor.h"
#include "core/model/model_config.h"
#include "core/tensor/matrix.h"
#include "kernels/base/kernel_status.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope {

OptionDescription bitsOption();
OptionDescription groupSizeOption();
OptionDescription scaleDtypeOption();
OptionDescription symmetricOption(const std::string& help);
OptionDescription searchRangeOption();

/// From complete options; `sym` and `mse` are taken where the method has them.
kernels::GridOptions gridOptions(const OptionValues& options, kernels::GridRange range);
/// The same for one linear, with the bits it is to have; nothing when it stays as it is.
std::optional<kernels::GridOptions> linearGrid(const BlockContext& block, LinearRole role, kernels::GridOptions grid);
/// Columns in a group of a matrix: -1 and anything above the width mean whole rows.
std::int64_t groupColumns(const OptionValues& options, std::int64_t columns);

/// An empty tensor of the shape with room for codes, scales and zero points.
QuantizedTensor emptyTensor(const Matrix& weight, const kernels::GridOptions& grid, std::int64_t group_size);
/// Rounds every group to its own grid, on the GPU where there is one with room for it.
Result<QuantizedTensor> roundToNearest(const Matrix& weight, const kernels::GridOptions& grid, std::int64_t group_size,
                                       const std::string& name, const JobContext& job, Gpu* gpu = nullptr);

/// Refuses empty matrices and values that are not finite: no grid fits them.
Status checkWeight(const Matrix& weight, const std::string& name);
/// A scale that overflowed float32 (weights near its limit).
Status checkScales(const QuantizedTensor& tensor, const std::string& name);
/// A kernel's answer as a sentence; `what` is what it was doing.
Status kernelStatus(kernels::KernelStatus status, const std::string& what);
/// Says once in a run on a GPU that this part of the method is computed on the CPU all the same.
void noteComputedOnCpu(const BlockContext& block, const std::string& what);
/// "GPTQ layers.3.mlp.down_proj", for progress.
std::string stageText(const std::string& verb, std::int64_t block, LinearRole role);

}  // namespace quantoscope
