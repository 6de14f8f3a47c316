// Grids and codes of the gate projection of SmolLM2 and of a square of an 8B model, 4 bits, groups of 64.
// Work: weights read once and what is written; the range search reads each group some 80 times and is bound by that.
#include "kernels/group_grid/group_grid.h"
#include "kernels/roofline/bench_report.h"

using namespace quantoscope::kernels;

namespace {

constexpr std::int64_t kGroup = 64;

/// Bytes per second of a plain function of one group.
template <typename Plain>
double plainRateOf(std::int64_t bytes_per_value, Plain plain) {
    constexpr std::int64_t kGroups = 256;
    const auto values = benchValues(kGroups * kGroup, 0.05F);
    return BenchReport::plainRate(bytes(kGroups * kGroup * bytes_per_value), [&] {
        for (std::int64_t g = 0; g < kGroups; ++g) plain(values.data() + g * kGroup);
    });
}

}  // namespace

int main() {
    const BenchReport report;
    GridOptions options;
    GridOptions searching;
    searching.search_range = true;
    const GridPoint point{0.02F, 8.0F};
    std::uint8_t group_codes[kGroup];
    float group_values[kGroup];
    volatile float keep = 0.0F;
    const auto find = [&](const GridOptions& with) {
        return plainRateOf(4, [&](const float* w) { keep = reference::gridOfValues(w, kGroup, 1, with).scale; });
    };
    const double plain_find = find(options);
    const double plain_search = find(searching);
    const double plain_encode =
        plainRateOf(5, [&](const float* w) { reference::encode(w, kGroup, point, 4, group_codes); });
    const double plain_round = plainRateOf(8, [&](const float* w) {
        reference::round(w, kGroup, reference::gridOfValues(w, kGroup, 1, options), 4, group_values);
    });
    for (const auto& [rows, columns] : {std::pair<std::int64_t, std::int64_t>{1536, 576}, {4096, 4096}}) {
        const auto weights = benchValues(rows * columns, 0.05F);
        const GroupedMatrix matrix{rows, columns, kGroup, columns};
        std::vector<float> scales(static_cast<std::size_t>(rows * matrix.groupCount())), zero_points(scales.size());
        std::vector<std::uint8_t> codes(weights.size());
        std::vector<float> values(weights.size());
        const auto shape = shapeText({rows, columns});
        const auto count = rows * columns;
        const auto grids = [&](const char* name, const GridOptions& with, double plain) {
            report.row(name, shape, bytes(4 * count), plain,
                       [&] { (void)findGrids(weights.data(), matrix, with, scales.data(), zero_points.data()); });
        };
        if (rows < 4096) grids("findGrids, search", searching, plain_search);
        grids("findGrids", options, plain_find);
        report.row("encodeGroups", shape, bytes(5 * count), plain_encode, [&] {
            (void)encodeGroups(weights.data(), matrix, scales.data(), zero_points.data(), 4, codes.data());
        });
        report.row("roundToGrids", shape, bytes(8 * count), plain_round,
                   [&] { (void)roundToGrids(weights.data(), matrix, options, values.data()); });
    }
    return 0;
}
