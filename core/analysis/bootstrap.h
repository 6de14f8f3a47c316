// How sure a perplexity is, and the difference of two over the same windows. Definitions: docs/statistics.md.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/result.h"

namespace quantoscope {

/// Percentile bootstrap over windows (Efron 1979): windows are drawn with replacement, as many as there are; the
/// interval runs from the 2.5th to the 97.5th percentile of the figure over the draws.
inline constexpr std::int64_t kBootstrapDraws = 2000;
/// Beyond this many windows the normal approximation takes the place of the draws: the two agree, and no text is slow.
inline constexpr std::int64_t kMostDrawnWindows = 500;

struct Interval {
    double low = 0.0;
    double high = 0.0;
};
inline bool contains(const Interval& interval, double value) {
    return interval.low <= value && value <= interval.high;
}

/// Position p, 0 to 1, in ascending values, linear between neighbours. Not for an empty span.
double percentile(std::span<const double> ascending, double p);

/// exp of the mean of the windows' mean negative log-likelihoods, with its 95 % interval. Errors: fewer than two
/// windows, a window that is not a number.
Result<Interval> perplexityInterval(std::span<const double> window_nll);

/// Of run against baseline; both intervals are of the same draws, window by window.
struct PerplexityComparison {
    double difference = 0.0;  ///< perplexity of the run minus that of the baseline
    double ratio = 1.0;
    Interval difference_interval;
    Interval ratio_interval;
};
/// Errors: as above, and another number of windows.
Result<PerplexityComparison> comparePerplexity(std::span<const double> baseline_nll, std::span<const double> run_nll);

}  // namespace quantoscope
