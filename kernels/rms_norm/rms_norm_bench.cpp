// Norms of windows of 2048 tokens at the widths of SmolLM2 and of an 8B model. Work: bytes read and written.
#include "kernels/rms_norm/rms_norm.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    constexpr std::int64_t kRows = 2048;
    for (const std::int64_t columns : {576, 4096}) {
        const auto x = benchValues(kRows * columns);
        const auto weight = benchValues(columns);
        std::vector<float> y(x.size());
        std::vector<std::uint16_t> bits(x.size());
        const auto count = kRows * columns;
        const double plain = BenchReport::plainRate(
            bytes(8 * count), [&] { rmsNormReference(x.data(), weight.data(), 1e-5F, kRows, columns, y.data()); });
        const auto shape = shapeText({kRows, columns});
        report.row("to float32", shape, bytes(8 * count), plain,
                   [&] { rmsNorm(x.data(), weight.data(), 1e-5F, kRows, columns, y.data()); });
        report.row("to bfloat16", shape, bytes(6 * count), plain * 6 / 8,
                   [&] { rmsNorm(x.data(), weight.data(), 1e-5F, kRows, columns, bits.data()); });
    }
    return 0;
}
