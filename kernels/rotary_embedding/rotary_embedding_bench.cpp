// Rotation of the queries of a window of 2048 tokens: heads of SmolLM2 (9 of 64) and of an 8B model (32 of 128).
// Work: bytes read and written.
#include "kernels/roofline/bench_report.h"
#include "kernels/rotary_embedding/rotary_embedding.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    constexpr std::int64_t kTokens = 2048;
    for (const auto& [heads, dim] : {std::pair<std::int64_t, std::int64_t>{9, 64}, {32, 128}}) {
        const auto table = rotaryTable(benchValues(dim / 2), 0, kTokens);
        const auto stride = heads * dim;
        const auto x = benchValues(kTokens * stride);
        std::vector<float> y(x.size());
        std::vector<std::uint16_t> bits(x.size());
        const auto count = kTokens * stride;
        const double plain = BenchReport::plainRate(bytes(8 * count), [&] {
            rotaryEmbeddingReference(x.data(), stride, kTokens, heads, table, y.data(), stride);
        });
        const auto shape = shapeText({kTokens, heads, dim});
        report.row("to float32", shape, bytes(8 * count), plain,
                   [&] { rotaryEmbedding(x.data(), stride, kTokens, heads, table, y.data(), stride); });
        report.row("to bfloat16", shape, bytes(6 * count), plain * 6 / 8,
                   [&] { rotaryEmbedding(x.data(), stride, kTokens, heads, table, bits.data(), stride); });
    }
    return 0;
}
