// The factor of the inverse Hessian at the widths of SmolLM2's inputs (576, 1536) and of an 8B model's (4096); a copy
// of the matrix is in the time. Work: 2/3 n^3 operations.
#include "kernels/cholesky/cholesky.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

namespace {

/// Symmetric, positive definite: the diagonal outweighs the rest.
std::vector<float> hessian(std::int64_t n) {
    auto h = benchValues(n * n);
    for (std::int64_t i = 0; i < n; ++i) {
        for (std::int64_t j = 0; j < i; ++j)
            h[static_cast<std::size_t>(i * n + j)] = h[static_cast<std::size_t>(j * n + i)];
        h[static_cast<std::size_t>(i * n + i)] = 4.0F * static_cast<float>(n);
    }
    return h;
}

BenchWork work(std::int64_t n) {
    return flop(2.0 / 3.0 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n));
}

}  // namespace

int main() {
    const BenchReport report;
    for (const std::int64_t n : {576, 1536, 4096}) {
        const auto h = hessian(n);
        std::vector<float> factor(h.size());
        const double plain = n > 576 ? 0.0 : BenchReport::plainRate(work(n), [&] {
            (void)inverseFactorReference(h.data(), n, factor.data());
        });
        report.row("float32", shapeText({n, n}), work(n), plain, [&] {
            factor = h;
            (void)inverseFactor(factor.data(), n);
        });
        if (n < 4096)
            report.row("float64 inside", shapeText({n, n}), work(n), plain, [&] {
                factor = h;
                (void)inverseFactorFloat64(factor.data(), n);
            });
    }
    return 0;
}
