// Grids and codes of the gate projection of SmolLM2 and of a square of an 8B model, 4 bits, groups of 64.
// Work: bytes read and written; the range search reads each group 80 times.
#include "kernels/group_grid/group_grid.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

namespace {

constexpr std::int64_t kGroup = 64;
constexpr std::int64_t kSearchReads = 80;

GridOptions searching() {
    GridOptions options;
    options.search_range = true;
    return options;
}

/// Bytes per second of the plain functions.
struct PlainRates {
    double search, find, encode, round, error;
};

template <typename Plain>
double plainRateOf(std::int64_t bytes_per_value, Plain plain) {
    constexpr std::int64_t kGroups = 256;
    const auto values = benchValues(kGroups * kGroup, 0.05F);
    return BenchReport::plainRate(bytes(kGroups * kGroup * bytes_per_value), [&] {
        for (std::int64_t g = 0; g < kGroups; ++g) plain(values.data() + g * kGroup);
    });
}

PlainRates measurePlainly() {
    volatile float keep = 0.0F;
    const auto find = [&](const float* w, const GridOptions& options) {
        const auto point = reference::gridOfValues(w, kGroup, 1, options);
        keep = point.scale;
        return point;
    };
    std::uint8_t codes[kGroup];
    float values[kGroup];
    const std::vector<float> ones(kGroup, 1.0F);
    return {plainRateOf(4 * kSearchReads, [&](const float* w) { find(w, searching()); }),
            plainRateOf(4, [&](const float* w) { find(w, {}); }),
            plainRateOf(5, [&](const float* w) { reference::encode(w, kGroup, {0.02F, 8.0F}, 4, codes); }),
            plainRateOf(8, [&](const float* w) { reference::round(w, kGroup, find(w, {}), 4, values); }),
            plainRateOf(8, [&](const float* w) {
                reference::scale(w, ones.data(), kGroup, values);
                reference::scaledError(w, ones.data(), kGroup, find(values, {}), 4, values);
            })};
}

void benchMatrix(const BenchReport& report, std::int64_t rows, std::int64_t columns, const PlainRates& plain) {
    const auto weights = benchValues(rows * columns, 0.05F);
    const GroupedMatrix matrix{rows, columns, kGroup, columns};
    std::vector<float> scales(static_cast<std::size_t>(rows * matrix.groupCount())), zero_points(scales.size());
    std::vector<std::uint8_t> codes(weights.size());
    std::vector<float> values(weights.size());
    const auto shape = shapeText({rows, columns});
    const auto find = [&](const GridOptions& options) {
        (void)findGrids(weights.data(), matrix, options, scales.data(), zero_points.data());
    };
    const auto count = rows * columns;
    if (rows < 4096)
        report.row("findGrids, search", shape, bytes(4 * kSearchReads * count), plain.search,
                   [&] { find(searching()); });
    report.row("findGrids", shape, bytes(4 * count), plain.find, [&] { find({}); });
    report.row("encodeGroups", shape, bytes(5 * count), plain.encode,
               [&] { (void)encodeGroups(weights.data(), matrix, scales.data(), zero_points.data(), 4, codes.data()); });
    report.row("roundToGrids", shape, bytes(8 * count), plain.round,
               [&] { (void)roundToGrids(weights.data(), matrix, {}, values.data()); });
    const std::vector<float> input_scale(static_cast<std::size_t>(columns), 1.0F);
    report.row("scaledRoundingError", shape, bytes(8 * count), plain.error,
               [&] { (void)scaledRoundingError(weights.data(), matrix, {}, input_scale.data(), values.data()); });
}

}  // namespace

int main() {
    const BenchReport report;
    const PlainRates plain = measurePlainly();
    benchMatrix(report, 1536, 576, plain);
    benchMatrix(report, 4096, 4096, plain);
    return 0;
}
