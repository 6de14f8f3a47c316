// GPTQ's column sweep: each column is rounded in turn and its error pushed into the columns still to come, by the rows
// of the factor U of the inverse Hessian (arXiv 2210.17323; IST-DASLab/gptq gptq.py).
//
// Rows do not depend on one another; each is swept alone, so results do not depend on the number of threads. Columns go
// in blocks: inside a block every column sees the errors of all before it; columns after the block see them when the
// block is done. Grids found during the sweep come from the weights as they were when the block began that the group
// begins in (the originals' rule, also for groups smaller than a block). float32; products and sums of the updates are
// fused (fma) in the fast versions, so their last bits may differ from the reference.
#pragma once

#include <cstdint>
#include <stop_token>

#include "kernels/base/kernel_status.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope::kernels {

struct GptqProblem {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t group_size = 0;
    std::int64_t block_size = 128;
    GridOptions grid;
    /// True: scales and zero points are given, of groups of consecutive original columns. False: they are found, of
    /// groups of consecutive columns in the order of the sweep.
    bool fixed_grids = false;
    const float* weights = nullptr;       ///< rows x columns in original order, inputs that never vary already zeroed
    const float* factor = nullptr;        ///< columns x columns, upper triangular, in the order of the sweep
    const std::int32_t* order = nullptr;  ///< column at each place of the sweep; null: as they come
    float* scales = nullptr;              ///< rows x groups
    float* zero_points = nullptr;         ///< rows x groups
    std::uint8_t* codes = nullptr;        ///< rows x columns in original order, out
    double* row_errors = nullptr;         ///< rows: half the sum of squared compensated errors, out

    std::int64_t groupCount() const { return (columns + group_size - 1) / group_size; }
    std::int64_t column(std::int64_t place) const { return order == nullptr ? place : order[place]; }
};

KernelStatus gptqSolve(const GptqProblem& problem, const std::stop_token& stop = {});

/// Plain loops, one row after another: the definition.
KernelStatus gptqSolveReference(const GptqProblem& problem, const std::stop_token& stop = {});

/// Some neighbouring rows by instruction set; called through gptqSolve. `workspace` holds workspace_floats() values.
struct SweepFunctions {
    std::int64_t tile_rows;
    std::int64_t (*workspace_floats)(const GptqProblem& problem);
    /// False when the token asked to stop.
    bool (*sweep)(const GptqProblem& problem, std::int64_t first_row, float* workspace, const std::stop_token& stop);
};
namespace simd_avx2 {
SweepFunctions sweepFunctions();
}
namespace simd_avx512 {
SweepFunctions sweepFunctions();
}

}  // namespace quantoscope::kernels
