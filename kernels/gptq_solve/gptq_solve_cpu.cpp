#include <atomic>
#include <memory>
#include <new>

#include "kernels/base/cpu_features.h"
#include "kernels/gptq_solve/gptq_solve.h"

namespace quantoscope::kernels {
namespace {

KernelStatus sweepTiles(const GptqProblem& problem, const SweepFunctions& functions, const std::stop_token& stop) {
    const auto floats = static_cast<std::size_t>(functions.workspace_floats(problem));
    const auto tiles = (problem.rows + functions.tile_rows - 1) / functions.tile_rows;
    std::atomic<KernelStatus> status{KernelStatus::ok};
#pragma omp parallel
    {
        const std::unique_ptr<float[]> workspace(new (std::nothrow) float[floats]);
        if (!workspace) status.store(KernelStatus::out_of_memory);
#pragma omp for schedule(static)
        for (std::int64_t tile = 0; tile < tiles; ++tile) {
            if (status.load() != KernelStatus::ok) continue;
            if (!functions.sweep(problem, tile * functions.tile_rows, workspace.get(), stop))
                status.store(KernelStatus::cancelled);
        }
    }
    return status.load();
}

/// The plain version, a slice of rows for each thread.
KernelStatus sweepPlainly(const GptqProblem& problem, const std::stop_token& stop) {
    std::atomic<KernelStatus> status{KernelStatus::ok};
#pragma omp parallel for schedule(static)
    for (std::int64_t row = 0; row < problem.rows; ++row) {
        if (status.load() != KernelStatus::ok) continue;
        GptqProblem one = problem;
        one.rows = 1;
        one.weights += row * problem.columns;
        one.codes += row * problem.columns;
        one.scales += row * problem.groupCount();
        one.zero_points += row * problem.groupCount();
        one.row_errors += row;
        if (const auto answer = gptqSolveReference(one, stop); answer != KernelStatus::ok) status.store(answer);
    }
    return status.load();
}

}  // namespace

KernelStatus gptqSolve(const GptqProblem& problem, const std::stop_token& stop) {
    if (cpuLevel() >= CpuLevel::avx512) return sweepTiles(problem, simd_avx512::sweepFunctions(), stop);
    if (cpuLevel() >= CpuLevel::avx2) return sweepTiles(problem, simd_avx2::sweepFunctions(), stop);
    return sweepPlainly(problem, stop);
}

}  // namespace quantoscope::kernels
