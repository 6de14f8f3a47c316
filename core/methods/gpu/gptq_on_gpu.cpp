#include "core/methods/gpu/gptq_on_gpu.h"

#include "core/device/gpu_layout.h"

namespace quantoscope {
namespace {

/// The problem's arrays on the device.
struct Arrays {
    float* weights;
    float* values;
    float* scales;
    float* zero_points;
    double* row_errors;
    std::uint8_t* codes;
};

std::uint64_t lay(const kernels::GptqProblem& problem, void* memory, Arrays& arrays) {
    GpuLayout layout(memory);
    const auto size = problem.rows * problem.columns;
    const auto grids = problem.rows * problem.groupCount();
    arrays.weights = layout.piece<float>(size);
    arrays.values = layout.piece<float>(size);
    arrays.scales = layout.piece<float>(grids);
    arrays.zero_points = layout.piece<float>(grids);
    arrays.row_errors = layout.piece<double>(problem.rows);
    arrays.codes = layout.piece<std::uint8_t>(size);
    return layout.bytes();
}

Status upload(Gpu& gpu, const kernels::GptqProblem& problem, const Arrays& arrays) {
    const auto size = static_cast<std::uint64_t>(problem.rows * problem.columns);
    const auto grids = static_cast<std::uint64_t>(problem.rows * problem.groupCount());
    QS_TRY(gpu.upload(arrays.weights, problem.weights, size * sizeof(float)));
    if (!problem.fixed_grids) return {};
    QS_TRY(gpu.upload(arrays.scales, problem.scales, grids * sizeof(float)));
    return gpu.upload(arrays.zero_points, problem.zero_points, grids * sizeof(float));
}

Status download(Gpu& gpu, const kernels::GptqProblem& problem, const Arrays& arrays) {
    const auto size = static_cast<std::uint64_t>(problem.rows * problem.columns);
    const auto grids = static_cast<std::uint64_t>(problem.rows * problem.groupCount());
    QS_TRY(gpu.download(problem.codes, arrays.codes, size));
    QS_TRY(gpu.download(problem.scales, arrays.scales, grids * sizeof(float)));
    QS_TRY(gpu.download(problem.zero_points, arrays.zero_points, grids * sizeof(float)));
    QS_TRY(
        gpu.download(problem.row_errors, arrays.row_errors, static_cast<std::uint64_t>(problem.rows) * sizeof(double)));
    return gpu.synchronize();
}

}  // namespace

Result<bool> gptqSolveOnGpu(const GpuFactorization& factor, const kernels::GptqProblem& problem) {
    auto& gpu = factor.gpu();
    Arrays arrays{};
    GpuBytes memory;
    QS_ASSIGN(const bool taken, gpu.tryTake(GpuMemory::solver, lay(problem, nullptr, arrays), memory));
    if (!taken) return false;
    lay(problem, memory.data(), arrays);
    QS_TRY(upload(gpu, problem, arrays));
    auto there = problem;
    there.weights = arrays.weights;
    there.factor = factor.factor();
    there.order = factor.order();
    there.scales = arrays.scales;
    there.zero_points = arrays.zero_points;
    there.codes = arrays.codes;
    there.row_errors = arrays.row_errors;
    QS_TRY(gpu.call("GPTQ's sweep", &Gpu::Table::gptqSolve, &there, arrays.values));
    QS_TRY(download(gpu, problem, arrays));
    return true;
}

}  // namespace quantoscope
