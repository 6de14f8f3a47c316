#include "core/methods/grid_options.h"

#include <algorithm>
#include <cmath>

#include "core/base/option_rows.h"
#include "core/device/gpu.h"
#include "core/methods/gpu/rounding_on_gpu.h"

namespace quantoscope {

OptionDescription bitsOption() {
    return integerOptionRow("bits", "Bits", {4, 2, 8}, "bits", "Bits of one weight's code; 8, 4, 3 and 2 are usual.");
}

OptionDescription groupSizeOption() {
    return integerOptionRow("group_size", "Group size", {128, 8, 1024}, "columns",
                            "Input columns that share a scale and a zero point; -1 is one group per row.", {-1});
}

OptionDescription scaleDtypeOption() {
    return choiceOptionRow("scale_dtype", "Scale type", "float32", {"float32", "float16"},
                           "Type the scales are stored in; they are rounded to it before codes are chosen.");
}

OptionDescription symmetricOption(const std::string& help) {
    return booleanOptionRow("sym", "Symmetric", false, help);
}

OptionDescription searchRangeOption() {
    return booleanOptionRow("mse", "Search the range", false,
                            "Shrinks each group's range to the one of 80 with the least error (norm 2.4). Slow.");
}

kernels::GridOptions gridOptions(const OptionValues& options, kernels::GridRange range) {
    kernels::GridOptions grid;
    grid.bits = static_cast<int>(integerOption(options, "bits"));
    grid.range = range;
    grid.symmetric = options.contains("sym") && booleanOption(options, "sym");
    grid.search_range = options.contains("mse") && booleanOption(options, "mse");
    grid.float16_scales = textOption(options, "scale_dtype") == "float16";
    return grid;
}

std::optional<kernels::GridOptions> linearGrid(const BlockContext& block, LinearRole role, kernels::GridOptions grid) {
    grid.bits = static_cast<int>(block.linearBits(role, grid.bits));
    return grid.bits > 0 ? std::optional(grid) : std::nullopt;
}

std::int64_t groupColumns(const OptionValues& options, std::int64_t columns) {
    const auto group_size = integerOption(options, "group_size");
    return group_size < 1 ? columns : std::min(group_size, columns);
}

QuantizedTensor emptyTensor(const Matrix& weight, const kernels::GridOptions& grid, std::int64_t group_size) {
    const auto groups = (weight.columns + group_size - 1) / group_size;
    QuantizedTensor tensor;
    tensor.rows = weight.rows;
    tensor.columns = weight.columns;
    tensor.bits = grid.bits;
    tensor.group_size = group_size;
    tensor.codes.resize(weight.values.size());
    tensor.scales = Matrix(weight.rows, groups);
    tensor.zero_points = Matrix(weight.rows, groups);
    tensor.symmetric = grid.symmetric;
    tensor.scale_bits = grid.float16_scales ? 16 : 32;
    return tensor;
}

namespace {

Status roundOnCpu(const Matrix& weight, const kernels::GridOptions& grid, const std::string& name,
                  const JobContext& job, QuantizedTensor& tensor) {
    const kernels::GroupedMatrix shape{weight.rows, weight.columns, tensor.group_size, weight.columns};
    QS_TRY(kernelStatus(kernels::findGrids(weight.values.data(), shape, grid, tensor.scales.values.data(),
                                           tensor.zero_points.values.data(), job.stopToken()),
                        "finding the grids of " + name));
    QS_TRY(checkScales(tensor, name));
    return kernelStatus(
        kernels::encodeGroups(weight.values.data(), shape, tensor.scales.values.data(),
                              tensor.zero_points.values.data(), grid.bits, tensor.codes.data(), job.stopToken()),
        "rounding " + name);
}

}  // namespace

Result<QuantizedTensor> roundToNearest(const Matrix& weight, const kernels::GridOptions& grid, std::int64_t group_size,
                                       const std::string& name, const JobContext& job, Gpu* gpu) {
    QS_TRY(job.checkStop());
    auto tensor = emptyTensor(weight, grid, group_size);
    if (gpu != nullptr) {
        QS_ASSIGN(const bool done, roundOnGpu(*gpu, weight, grid, job, tensor));
        if (done) {
            QS_TRY(checkScales(tensor, name));
            return tensor;
        }
        gpu->note("The GPU has no room to round " + name + ": it is done on the CPU.");
    }
    QS_TRY(roundOnCpu(weight, grid, name, job, tensor));
    return tensor;
}

Status checkWeight(const Matrix& weight, const std::string& name) {
    if (weight.rows < 1 || weight.columns < 1) return failure(name + " is empty; the model cannot be quantized");
    const bool finite = std::ranges::all_of(weight.values, [](float value) { return std::isfinite(value); });
    if (!finite)
        return failure(name +
                       " holds values that are not finite numbers (NaN or infinity); the file is damaged or was "
                       "saved in a type too small for it");
    return {};
}

Status checkScales(const QuantizedTensor& tensor, const std::string& name) {
    const bool finite = std::ranges::all_of(tensor.scales.values, [](float value) { return std::isfinite(value); });
    if (!finite) return failure(name + " holds weights too large for a grid: a scale is beyond float32");
    return {};
}

Status kernelStatus(kernels::KernelStatus status, const std::string& what) {
    using kernels::KernelStatus;
    switch (status) {
        case KernelStatus::ok:
            return {};
        case KernelStatus::cancelled:
            return cancelled();
        case KernelStatus::out_of_memory:
            return failure("not enough memory while " + what +
                           "; use fewer calibration samples or a machine with more");
        case KernelStatus::unsupported:
            return failure("this machine lacks what is needed while " + what);
        case KernelStatus::not_positive_definite:
            return failure("the calibration statistics are not positive definite while " + what +
                           "; use more calibration samples or more damping");
        case KernelStatus::failed:
            break;
    }
    return failure("the computation failed while " + what, {}, "a numerical library reported an error");
}

void noteComputedOnCpu(const BlockContext& block, const std::string& what) {
    if (block.gpu() != nullptr && block.blockIndex() == 0)
        block.gpu()->note(what + " is computed on the CPU; the GPU computes the passes through the model.");
}

std::string stageText(const std::string& verb, std::int64_t block, LinearRole role) {
    return verb + " " + linearPath(block, role);
}

}  // namespace quantoscope
