// weightedError on the linears of a SmolLM2 block and a square of an 8B model. Work: rows x columns^2.
#include "kernels/roofline/bench_report.h"
#include "kernels/weighted_error/weighted_error.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    struct Shape {
        const char* name;
        std::int64_t rows, columns, per_block;
    };
    double block_seconds = 0.0;
    for (const auto& [name, rows, columns, per_block] :
         {Shape{"q, o", 576, 576, 2}, Shape{"k, v", 192, 576, 2}, Shape{"gate, up", 1536, 576, 2},
          Shape{"down", 576, 1536, 1}, Shape{"8B q, o", 4096, 4096, 0}}) {
        const auto error = benchValues(rows * columns, 0.01F);
        const std::vector<float> gram(static_cast<std::size_t>(columns * columns), 0.5F);
        std::vector<double> energy(static_cast<std::size_t>(rows));
        const double plain = BenchReport::plainRate(flop(16 * columns * columns), [&] {
            weightedErrorReference(error.data(), 16, columns, gram.data(), energy.data());
        });
        block_seconds += static_cast<double>(per_block) *
                         report.row(name, shapeText({rows, columns}), flop(rows * columns * columns), plain, [&] {
                             (void)weightedError(error.data(), rows, columns, gram.data(), energy.data(), {});
                         });
    }
    std::printf("SmolLM2, 30 blocks, weights and errors: %.2f s\n", block_seconds * 2 * 30);
    return 0;
}
