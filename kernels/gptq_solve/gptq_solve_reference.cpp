#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

#include "kernels/gptq_solve/gptq_solve.h"

namespace quantoscope::kernels {
namespace {

/// Grids of the groups that begin in [begin, end) of the sweep, from the row as it is now.
void findRowGrids(const GptqProblem& problem, std::int64_t row, const std::vector<float>& values, std::int64_t begin,
                  std::int64_t end) {
    const auto g = problem.group_size;
    for (auto first = (begin + g - 1) / g * g; first < end; first += g) {
        const auto count = std::min(g, problem.columns - first);
        const auto grid = reference::gridOfValues(values.data() + first, count, 1, problem.grid);
        const auto at = row * problem.groupCount() + first / g;
        problem.scales[at] = grid.scale;
        problem.zero_points[at] = grid.zero_point;
    }
}

/// Rounds place i of the row and returns the error to push on.
float roundPlace(const GptqProblem& problem, std::int64_t row, std::int64_t i, float weight) {
    const auto column = problem.column(i);
    const auto group = (problem.fixed_grids ? column : i) / problem.group_size;
    const auto at = row * problem.groupCount() + group;
    const GridPoint grid{problem.scales[at], problem.zero_points[at]};
    auto& code = problem.codes[row * problem.columns + column];
    reference::encode(&weight, 1, grid, problem.grid.bits, &code);
    const float value = grid.scale * (static_cast<float>(code) - grid.zero_point);
    return (weight - value) / problem.factor[i * problem.columns + i];
}

void sweepRow(const GptqProblem& problem, std::int64_t row, std::vector<float>& values, std::vector<float>& errors) {
    const auto n = problem.columns;
    for (std::int64_t i = 0; i < n; ++i)
        values[static_cast<std::size_t>(i)] = problem.weights[row * n + problem.column(i)];
    double squares = 0.0;
    for (std::int64_t begin = 0; begin < n; begin += problem.block_size) {
        const auto end = std::min(n, begin + problem.block_size);
        if (!problem.fixed_grids) findRowGrids(problem, row, values, begin, end);
        for (auto i = begin; i < end; ++i) {
            const float error = roundPlace(problem, row, i, values[static_cast<std::size_t>(i)]);
            errors[static_cast<std::size_t>(i - begin)] = error;
            squares += static_cast<double>(error) * static_cast<double>(error);
            const float* const push = problem.factor + i * n;
            for (auto k = i + 1; k < end; ++k) values[static_cast<std::size_t>(k)] -= error * push[k];
        }
        for (auto i = begin; i < end; ++i) {
            const float error = errors[static_cast<std::size_t>(i - begin)];
            const float* const push = problem.factor + i * n;
            for (auto k = end; k < n; ++k) values[static_cast<std::size_t>(k)] -= error * push[k];
        }
    }
    problem.row_errors[row] = squares / 2.0;
}

}  // namespace

KernelStatus gptqSolveReference(const GptqProblem& problem, const std::stop_token& stop) try {
    std::vector<float> values(static_cast<std::size_t>(problem.columns));
    std::vector<float> errors(static_cast<std::size_t>(std::min(problem.columns, problem.block_size)));
    for (std::int64_t row = 0; row < problem.rows; ++row) {
        if (stop.stop_requested()) return KernelStatus::cancelled;
        sweepRow(problem, row, values, errors);
    }
    return KernelStatus::ok;
} catch (const std::bad_alloc&) {
    return KernelStatus::out_of_memory;
}

}  // namespace quantoscope::kernels
