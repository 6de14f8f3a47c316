// What quantizes a linear on the GPU, at the shapes of a LLaMA-3-8B block, against the measured bounds.
// Usage: cuda_solver_bench [REPETITIONS]
#include "kernels/awq_search/awq_search.h"
#include "kernels/cuda/cuda_bench_tools.h"
#include "kernels/gptq_solve/gptq_solve.h"

namespace {

using namespace quantoscope::kernels;

constexpr std::int64_t kHidden = 4096;
constexpr std::int64_t kInner = 14336;

/// Near the unit matrix, so that the factor of the factor of ... stays one that has a factor: it is found in place.
/// Two thirds of n^3: a third for the factor and a third for its inverse.
void benchFactor(CudaBench& bench, std::int64_t n, const char* narrow_name, const char* wide_name) {
    auto* const matrix = bench.makeSigned(n * n, 1e-4F);
    for (std::int64_t i = 0; i < n; ++i) bench.write(matrix + i * (n + 1), {1.0F});
    auto* const wide = bench.make<double>(n * n);
    auto* const refused = bench.make<std::int32_t>(1);
    const double size = static_cast<double>(n);
    const double gflop = 2e-9 / 3.0 * size * size * size;
    bench.row(narrow_name, gflop, bench.roofline().float32_gflops,
              [=](const auto& cuda, auto* context) { return cuda.inverseFactor(context, matrix, n, refused); });
    // A device for numerics multiplies float64 as fast as float32 on its tensor cores, a device for pictures does not.
    bench.row(wide_name, gflop, bench.roofline().float32_gflops, [=](const auto& cuda, auto* context) {
        return cuda.inverseFactorFloat64(context, matrix, n, wide, refused);
    });
}

/// 4 bits, groups of 128 found on the way. Every error is pushed into every later column: rows x columns^2.
void benchGptq(CudaBench& bench, std::int64_t rows, std::int64_t columns, const char* name) {
    GptqProblem problem;
    problem.rows = rows;
    problem.columns = columns;
    problem.group_size = 128;
    problem.weights = bench.makeSigned(rows * columns, 0.05F);
    auto* const factor = bench.makeSigned(columns * columns, 0.01F);
    for (std::int64_t i = 0; i < columns; ++i) bench.write(factor + i * (columns + 1), {1.0F});
    problem.factor = factor;
    problem.scales = bench.make<float>(rows * problem.groupCount());
    problem.zero_points = bench.make<float>(rows * problem.groupCount());
    problem.codes = bench.make<std::uint8_t>(rows * columns);
    problem.row_errors = bench.make<double>(rows);
    auto* const values = bench.make<float>(rows * columns);
    const double width = static_cast<double>(columns);
    bench.row(name, 1e-9 * static_cast<double>(rows) * width * width, bench.roofline().float32_gflops,
              [=](const auto& cuda, auto* context) { return cuda.gptqSolve(context, &problem, values); });
}

/// The grids of a linear and the inner steps of AWQ's searches, groups of 128. Bytes of weights read and results
/// written; of a range's search 80 powers of every weight, which has no simple bound; of errors under Gram matrices
/// products: half of them for the symmetric one.
void benchGroups(CudaBench& bench, std::int64_t rows, std::int64_t columns) {
    const GroupedMatrix shape{rows, columns, 128, columns};
    const std::int64_t count = rows * columns;
    const double gb = 1e-9 * static_cast<double>(count);
    const double memory = bench.roofline().read_gigabytes_per_s;
    const double float32 = bench.roofline().float32_gflops;
    auto* const weights = bench.makeSigned(count, 0.05F);
    auto* const error = bench.makeSigned(count, 0.01F);
    const auto* const input_scale = bench.makeValues<float>(columns);
    auto* const scales = bench.make<float>(rows * shape.groupCount());
    auto* const zeros = bench.make<float>(rows * shape.groupCount());
    auto* const codes = bench.make<std::uint8_t>(count);
    bench.row("find grids, GB", 4.0 * gb, memory, [=](const auto& cuda, auto* context) {
        const GridOptions options;
        return cuda.findGrids(context, weights, &shape, &options, scales, zeros);
    });
    bench.row("find grids, range searched, weights", gb, 0.0, [=](const auto& cuda, auto* context) {
        GridOptions options;
        options.search_range = true;
        return cuda.findGrids(context, weights, &shape, &options, scales, zeros);
    });
    bench.row("encode groups, GB", 5.0 * gb, memory, [=](const auto& cuda, auto* context) {
        return cuda.encodeGroups(context, weights, &shape, scales, zeros, 4, codes);
    });
    bench.row("scaled rounding error, GB", 8.0 * gb, memory, [=](const auto& cuda, auto* context) {
        const GridOptions options;
        return cuda.scaledRoundingError(context, weights, &shape, &options, input_scale, error);
    });
    const auto* const gram = bench.makeSigned(columns * columns, 1.0F);
    auto* const energy = bench.make<double>(rows);
    bench.row("weighted error, GFLOP", gb * static_cast<double>(columns), float32,
              [=](const auto& cuda, auto* context) {
                  return cuda.weightedError(context, error, rows, columns, gram, energy);
              });
    const ClipGrid clip;
    const double per_weight = 2.0 * 128.0 * static_cast<double>(clip.candidates);
    bench.row("clip limits, 10 candidates, GFLOP", per_weight * gb, float32, [=](const auto& cuda, auto* context) {
        GridOptions options;
        options.range = GridRange::as_is;
        return cuda.findClipLimits(context, weights, &shape, &options, &clip, gram, scales);
    });
}

}  // namespace

int main(int count, char** words) {
    if (cudaModule().functions == nullptr) return sayWhyNoGpu();
    CudaBench bench(repetitionsFrom(count, words));
    benchFactor(bench, kHidden, "inverse factor 4096 float32, GFLOP", "inverse factor 4096 float64, GFLOP");
    benchFactor(bench, kInner, "inverse factor 14336 float32, GFLOP", "inverse factor 14336 float64, GFLOP");
    std::printf("14336 x 4096 (gate, up):\n");
    benchGroups(bench, kInner, kHidden);
    benchGptq(bench, 1024, kHidden, "gptq solve 1024 x 4096 (k, v), GFLOP");
    benchGptq(bench, kHidden, kHidden, "gptq solve 4096 x 4096 (q, o), GFLOP");
    benchGptq(bench, kInner, kHidden, "gptq solve 14336 x 4096 (gate, up), GFLOP");
    benchGptq(bench, kHidden, kInner, "gptq solve 4096 x 14336 (down), GFLOP");
    return 0;
}
