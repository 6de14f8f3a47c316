// AWQ's inner steps on the gate projection of SmolLM2 (groups of 64) and on an 8B model's q projection (groups of 128),
// 4 bits. Work: bytes read and written; of the clip search the products with the groups' Gram matrices, 10 candidates.
#include "kernels/awq_search/awq_search.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

namespace {

constexpr ClipGrid kClip;

struct Layer {
    Layer(std::int64_t rows, std::int64_t columns, std::int64_t group)
        : matrix{rows, columns, group, columns},
          weights(benchValues(rows * columns, 0.05F)),
          grams(static_cast<std::size_t>(columns * group), 0.0F),
          error(weights.size()),
          limits(static_cast<std::size_t>(rows * matrix.groupCount())) {
        grid.range = GridRange::as_is;
        for (std::int64_t j = 0; j < columns; ++j) grams[static_cast<std::size_t>(j * group + j % group)] = 1.0F;
    }
    std::int64_t count() const { return matrix.rows * matrix.columns; }
    BenchWork clipWork() const { return flop(2 * kClip.candidates * count() * matrix.group_size); }

    GroupedMatrix matrix;
    GridOptions grid;
    std::vector<float> weights, grams, error, limits;
};

void benchLayer(const BenchReport& report, Layer layer, double plain_clip) {
    const auto& m = layer.matrix;
    const auto shape = shapeText({m.rows, m.columns});
    volatile double keep = 0.0;
    report.row("sumOfProducts", shape, bytes(8 * layer.count()), 0.0,
               [&] { keep = sumOfProducts(layer.error.data(), layer.weights.data(), m.rows, m.columns); });
    report.row("subtract", shape, bytes(12 * layer.count()), 0.0,
               [&] { subtract(layer.error.data(), layer.weights.data(), layer.count()); });
    report.row("findClipLimits", shape, layer.clipWork(), plain_clip, [&] {
        (void)findClipLimits(layer.weights.data(), m, layer.grid, kClip, layer.grams.data(), layer.limits.data());
    });
    report.row("clampToLimits", shape, bytes(8 * layer.count()), 0.0,
               [&] { clampToLimits(layer.weights.data(), m, layer.limits.data()); });
}

}  // namespace

int main() {
    const BenchReport report;
    Layer small(64, 576, 64);
    const double plain = BenchReport::plainRate(small.clipWork(), [&] {
        findClipLimitsReference(small.weights.data(), small.matrix, small.grid, kClip, small.grams.data(),
                                small.limits.data());
    });
    benchLayer(report, Layer(1536, 576, 64), plain);
    benchLayer(report, Layer(4096, 4096, 128), plain);
    return 0;
}
