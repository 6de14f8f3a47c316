// The block types of GGUF files over 16 Mi values (a square of an 8B model), on one thread (callers share rows between
// threads). Work: bytes read and written.
#include <iterator>

#include "kernels/dequantize_gguf/dequantize_gguf.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

int main() {
    const BenchReport report;
    constexpr std::size_t kCount = std::size_t{1} << 24U;
    constexpr const char* kNames[] = {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"};
    std::vector<float> values(kCount);
    for (std::size_t i = 0; i < std::size(kNames); ++i) {
        const auto type = static_cast<GgufBlock>(i);
        const std::size_t blocks = kCount / blockElements(type);
        const std::vector<std::uint8_t> stored(blocks * blockBytes(type), 0x35);
        const auto work = bytes(stored.size() + 4 * kCount);
        const double plain = BenchReport::plainRate(
            work, [&] { reference::dequantizeGguf(type, stored.data(), blocks, values.data()); });
        report.row(kNames[i], shapeText({std::int64_t{kCount}}), work, plain,
                   [&] { dequantizeGguf(type, stored.data(), blocks, values.data()); });
    }
    return 0;
}
