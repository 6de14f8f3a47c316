// GPTQ's sweep over the linears of a SmolLM2 block and the k projection of an 8B model, 4 bits, groups of 64.
// Work: rows x columns^2, every error pushed into every later column.
#include "kernels/gptq_solve/gptq_solve.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

namespace {

struct Sweep {
    Sweep(std::int64_t rows, std::int64_t columns)
        : weights(benchValues(rows * columns, 0.05F)),
          factor(benchValues(columns * columns, 0.01F)),
          scales(static_cast<std::size_t>(rows * (columns / 64))),
          zero_points(scales.size()),
          codes(weights.size()),
          errors(static_cast<std::size_t>(rows)) {
        for (std::int64_t i = 0; i < columns; ++i) {
            std::fill_n(factor.begin() + i * columns, i, 0.0F);
            factor[static_cast<std::size_t>(i * columns + i)] = 1.0F;
        }
        problem.rows = rows;
        problem.columns = columns;
        problem.group_size = 64;
        problem.weights = weights.data();
        problem.factor = factor.data();
        problem.scales = scales.data();
        problem.zero_points = zero_points.data();
        problem.codes = codes.data();
        problem.row_errors = errors.data();
    }
    BenchWork work() const { return flop(problem.rows * problem.columns * problem.columns); }

    GptqProblem problem;

private:
    std::vector<float> weights, factor, scales, zero_points;
    std::vector<std::uint8_t> codes;
    std::vector<double> errors;
};

}  // namespace

int main() {
    const BenchReport report;
    const Sweep small(32, 576);
    const double plain = BenchReport::plainRate(small.work(), [&] { (void)gptqSolveReference(small.problem); });
    struct Shape {
        const char* name;
        std::int64_t rows, columns;
    };
    for (const auto& [name, rows, columns] :
         {Shape{"q, o", 576, 576}, Shape{"k, v", 192, 576}, Shape{"gate, up", 1536, 576}, Shape{"down", 576, 1536},
          Shape{"8B k, v", 1024, 4096}}) {
        const Sweep sweep(rows, columns);
        report.row(name, shapeText({rows, columns}), sweep.work(), plain, [&] { (void)gptqSolve(sweep.problem); });
    }
    return 0;
}
