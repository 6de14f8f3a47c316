// What quantizes a linear on the GPU, at the shapes of a LLaMA-3-8B block, against the measured bounds.
// Usage: cuda_solver_bench [REPETITIONS]
#include "kernels/cuda/cuda_bench_tools.h"

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

}  // namespace

int main(int count, char** words) {
    if (cudaModule().functions == nullptr) return sayWhyNoGpu();
    CudaBench bench(repetitionsFrom(count, words));
    benchFactor(bench, kHidden, "inverse factor 4096 float32, GFLOP", "inverse factor 4096 float64, GFLOP");
    benchFactor(bench, kInner, "inverse factor 14336 float32, GFLOP", "inverse factor 14336 float64, GFLOP");
    return 0;
}
