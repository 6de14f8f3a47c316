#include "core/analysis/mcnemar.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace quantoscope {
namespace {

constexpr double kTwoSided95 = 1.959963984540054;

/// P(X <= fewer) twice, X binomial(flips, 1/2).
double exactPValue(std::int64_t fewer, std::int64_t flips) {
    double term = std::ldexp(1.0, -static_cast<int>(flips));
    double sum = term;
    for (std::int64_t k = 1; k <= fewer; ++k) {
        term *= static_cast<double>(flips - k + 1) / static_cast<double>(k);
        sum += term;
    }
    return std::min(1.0, 2.0 * sum);
}

/// Half a question is added to each of the four cells: no interval of no width.
Interval differenceInterval(const PickComparison& counts) {
    const double n = static_cast<double>(counts.items) + 2.0;
    const double lost = static_cast<double>(counts.right_to_wrong) + 0.5;
    const double won = static_cast<double>(counts.wrong_to_right) + 0.5;
    const double centre = (won - lost) / n;
    const double width = kTwoSided95 * std::sqrt((won + lost) - (won - lost) * (won - lost) / n) / n;
    return {std::max(-1.0, centre - width), std::min(1.0, centre + width)};
}

}  // namespace

double mcnemarPValue(std::int64_t one, std::int64_t other) {
    const std::int64_t flips = one + other;
    if (flips == 0) return 1.0;
    if (flips <= kMostExactFlips) return exactPValue(std::min(one, other), flips);
    const double apart = std::max(0.0, std::abs(static_cast<double>(one - other)) - 1.0);
    const double chi_square = apart * apart / static_cast<double>(flips);
    return std::erfc(std::sqrt(chi_square / 2.0));  // chi-square's upper tail at one degree of freedom
}

Result<PickComparison> comparePicks(std::span<const std::int64_t> gold, std::span<const std::int64_t> baseline,
                                    std::span<const std::int64_t> run) {
    if (gold.size() != baseline.size() || gold.size() != run.size())
        return failure("the baseline answered " + std::to_string(baseline.size()) + " questions and the run answered " +
                       std::to_string(run.size()) + ": evaluate both on the same questions to compare them");
    if (gold.empty()) return failure("no answers by question are kept: evaluate both runs again to compare them");
    PickComparison result;
    result.items = std::ssize(gold);
    for (std::size_t i = 0; i < gold.size(); ++i) {
        if (baseline[i] < 0 || run[i] < 0)
            return failure("question " + std::to_string(i + 1) + " of the " + (run[i] < 0 ? "run" : "baseline") +
                           " has a likelihood that is not a number: there is nothing to test");
        const bool was = baseline[i] == gold[i];
        const bool is = run[i] == gold[i];
        result.right_to_wrong += was && !is ? 1 : 0;
        result.wrong_to_right += !was && is ? 1 : 0;
        result.other_changes += !was && !is && baseline[i] != run[i] ? 1 : 0;
    }
    const std::int64_t flips = result.right_to_wrong + result.wrong_to_right;
    result.exact = flips <= kMostExactFlips;
    result.p_value = mcnemarPValue(result.right_to_wrong, result.wrong_to_right);
    result.difference =
        static_cast<double>(result.wrong_to_right - result.right_to_wrong) / static_cast<double>(result.items);
    result.difference_interval = differenceInterval(result);
    return result;
}

}  // namespace quantoscope
