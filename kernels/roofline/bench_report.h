// What a bench prints: the bounds of this machine, then a row per shape with its time, its rate, how much of the bound
// that is, and how much faster than the plain reference. For benches alone: it writes to standard output.
//
// Best of five runs, or of as many as fit in a tenth of a second. A product may pass the bound where it beats the
// library the bound was measured with, memory traffic where the arrays stay in a cache.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <vector>

#include "kernels/base/cpu_features.h"
#include "kernels/roofline/bench_clock.h"
#include "kernels/roofline/roofline.h"

namespace quantoscope::kernels {

enum class BenchBound : std::uint8_t { compute, memory };

/// Work is counted in operations (a product and a sum are two) where arithmetic is the bound, in bytes read and written
/// where memory is.
struct BenchWork {
    BenchBound bound;
    double amount;
};
template <typename Number>
BenchWork flop(Number amount) {
    return {BenchBound::compute, static_cast<double>(amount)};
}
template <typename Number>
BenchWork bytes(Number amount) {
    return {BenchBound::memory, static_cast<double>(amount)};
}

/// "2048 x 576"
inline std::string shapeText(std::initializer_list<std::int64_t> sides) {
    std::string text;
    for (const auto side : sides) text += (text.empty() ? "" : " x ") + std::to_string(side);
    return text;
}

/// The same numbers each time, spread like weights: about normal, of that deviation.
inline std::vector<float> benchValues(std::int64_t count, float deviation = 1.0F) {
    std::vector<float> values(static_cast<std::size_t>(count));
    std::uint64_t state = 1;
    for (auto& value : values) {
        std::uint32_t sum = 0;
        for (int i = 0; i < 4; ++i) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            sum += static_cast<std::uint32_t>(state >> 40U);
        }
        value = (static_cast<float>(sum) * 0x1p-24F - 2.0F) * 1.732F * deviation;
    }
    return values;
}

class BenchReport {
public:
    BenchReport() : roofline_(measureRoofline(kRuns)) {
        std::fprintf(stdout, "%s, threads %d: float32 %.0f GFLOP/s, bfloat16 %.0f GFLOP/s, memory %.1f GB/s\n",
                     cpuLevelName(cpuLevel()), roofline_.threads, roofline_.float32_gflops, roofline_.bfloat16_gflops,
                     roofline_.read_gigabytes_per_s);
        std::fprintf(stdout, "%-26s %-20s %10s %16s %9s %9s\n", "", "shape", "ms", "rate", "of bound", "x plain");
    }

    /// Work per second of the plain reference, for row(); a small shape will do.
    template <typename Plain>
    static double plainRate(BenchWork work, Plain&& plain) {
        return work.amount / bestSeconds(2, plain);
    }

    /// Measures and prints a row. `plain_rate` 0: there is no plain reference to compare with.
    template <typename Fast>
    double row(const char* name, const std::string& shape, BenchWork work, double plain_rate, Fast&& fast) const {
        const double first = bestSeconds(1, fast);
        const double seconds = bestSeconds(std::clamp(static_cast<int>(kLeastSeconds / first), kRuns, 1000), fast);
        const bool compute = work.bound == BenchBound::compute;
        const double rate = work.amount / seconds;
        const double bound =
            compute ? std::max(roofline_.float32_gflops, roofline_.bfloat16_gflops) : roofline_.read_gigabytes_per_s;
        std::fprintf(stdout, "%-26s %-20s %10.3f %8.1f %s %7.0f %%", name, shape.c_str(), seconds * 1e3, rate * 1e-9,
                     compute ? "GFLOP/s" : "GB/s   ", 100.0 * rate * 1e-9 / bound);
        if (plain_rate > 0.0) std::fprintf(stdout, " %9.1f", rate / plain_rate);
        std::fprintf(stdout, "\n");
        return seconds;
    }

private:
    static constexpr int kRuns = 5;
    static constexpr double kLeastSeconds = 0.1;
    Roofline roofline_;
};

}  // namespace quantoscope::kernels
