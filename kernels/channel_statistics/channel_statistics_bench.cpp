// Sums and maxima of channels over windows of 2048 tokens: inputs of SmolLM2's linears (576, 1536) and of an 8B model's
// (4096, 14336). Work: bytes read.
#include "kernels/channel_statistics/channel_statistics.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    constexpr std::int64_t kRows = 2048;
    for (const std::int64_t columns : {576, 1536, 4096, 14336}) {
        const auto x = benchValues(kRows * columns);
        std::vector<std::uint16_t> rounded(x.size());
        floatToBfloat16(x.data(), rounded.data(), x.size());
        std::vector<double> sums(static_cast<std::size_t>(columns));
        std::vector<float> maxima(sums.size());
        const double plain = BenchReport::plainRate(bytes(4 * kRows * columns), [&] {
            channelStatisticsReference(x.data(), kRows, columns, sums.data(), maxima.data());
        });
        const auto shape = shapeText({kRows, columns});
        report.row("float32", shape, bytes(4 * kRows * columns), plain,
                   [&] { channelStatistics(x.data(), kRows, columns, sums.data(), maxima.data()); });
        report.row("bfloat16", shape, bytes(2 * kRows * columns), plain / 2,
                   [&] { channelStatistics(rounded.data(), kRows, columns, sums.data(), maxima.data()); });
    }
    return 0;
}
