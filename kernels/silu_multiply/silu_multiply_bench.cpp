// The gated activation of a window of 2048 tokens at the widths of SmolLM2 and of an 8B model. Work: bytes read and
// written.
#include "kernels/roofline/bench_report.h"
#include "kernels/silu_multiply/silu_multiply.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    for (const std::int64_t width : {1536, 14336}) {
        const auto count = 2048 * width;
        const auto gate = benchValues(count, 2.0F);
        const auto up = benchValues(count);
        std::vector<float> y(gate.size());
        std::vector<std::uint16_t> bits(gate.size());
        const double plain = BenchReport::plainRate(
            bytes(12 * count), [&] { siluMultiplyReference(gate.data(), up.data(), count, y.data()); });
        const auto shape = shapeText({2048, width});
        report.row("to float32", shape, bytes(12 * count), plain,
                   [&] { siluMultiply(gate.data(), up.data(), count, y.data()); });
        report.row("to bfloat16", shape, bytes(10 * count), plain * 10 / 12,
                   [&] { siluMultiply(gate.data(), up.data(), count, bits.data()); });
    }
    return 0;
}
