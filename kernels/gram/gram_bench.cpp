// Second moments of windows of 2048 tokens: inputs of SmolLM2's linears (576, 1536) and of an 8B model's (4096).
// Work: rows x columns x (columns + 1), the entries on and above the diagonal.
#include "kernels/convert_float/convert_float.h"
#include "kernels/gram/gram.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    const auto work = [](std::int64_t rows, std::int64_t columns) { return flop(rows * columns * (columns + 1)); };
    constexpr std::int64_t kRows = 2048;
    for (const std::int64_t columns : {576, 1536, 4096}) {
        const auto x = benchValues(kRows * columns);
        std::vector<std::uint16_t> rounded(x.size());
        floatToBfloat16(x.data(), rounded.data(), x.size());
        std::vector<float> gram(static_cast<std::size_t>(columns * columns));
        const double plain =
            BenchReport::plainRate(work(16, columns), [&] { gramReference(x.data(), 16, columns, gram.data()); });
        const auto shape = shapeText({kRows, columns});
        report.row("float32", shape, work(kRows, columns), plain,
                   [&] { (void)gramAdd(x.data(), kRows, columns, gram.data()); });
        report.row("bfloat16", shape, work(kRows, columns), plain,
                   [&] { (void)gramAdd(rounded.data(), kRows, columns, gram.data()); });
    }
    return 0;
}
