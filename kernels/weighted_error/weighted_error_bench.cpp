// weightedError on the shapes of a SmolLM2 block and one of an 8B model: GFLOP/s (rows x columns^2 flop), best of five.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "kernels/base/cpu_features.h"
#include "kernels/weighted_error/weighted_error.h"

using namespace quantoscope::kernels;

namespace {

double best_seconds(std::int64_t rows, std::int64_t columns) {
    std::vector<float> error(static_cast<std::size_t>(rows * columns), 0.25F);
    const std::vector<float> gram(static_cast<std::size_t>(columns * columns), 0.5F);
    std::vector<double> energy(static_cast<std::size_t>(rows));
    double best = 1e9;
    for (int repeat = 0; repeat < 5; ++repeat) {
        const auto start = std::chrono::steady_clock::now();
        if (weightedError(error.data(), rows, columns, gram.data(), energy.data(), {}) != KernelStatus::ok) return 0.0;
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    }
    return best;
}

}  // namespace

int main() {
    struct Shape {
        const char* name;
        std::int64_t rows, columns, per_block;
    };
    double block_seconds = 0.0;
    for (const auto& [name, rows, columns, per_block] :
         {Shape{"q, o", 576, 576, 2}, Shape{"k, v", 192, 576, 2}, Shape{"gate, up", 1536, 576, 2},
          Shape{"down", 576, 1536, 1}, Shape{"4096 x 4096", 4096, 4096, 0}}) {
        const double seconds = best_seconds(rows, columns);
        const double flop = static_cast<double>(rows) * static_cast<double>(columns) * static_cast<double>(columns);
        std::printf("%-12s %5ld x %-5ld %9.3f ms %8.1f GFLOP/s (%s)\n", name, rows, columns, seconds * 1e3,
                    flop / seconds * 1e-9, cpuLevelName(cpuLevel()));
        block_seconds += seconds * static_cast<double>(per_block);
    }
    std::printf("SmolLM2, 30 blocks, weights and errors: %.2f s\n", block_seconds * 2 * 30);
    return 0;
}
