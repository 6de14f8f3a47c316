// Do two runs that answered the same questions differ? McNemar's test (1947) on the questions they answer differently.
// Definitions: docs/statistics.md.
#pragma once

#include <cstdint>
#include <span>

#include "core/analysis/bootstrap.h"
#include "core/base/result.h"

namespace quantoscope {

/// Up to this many flips the binomial is summed exactly; above it stands chi-square with continuity correction.
inline constexpr std::int64_t kMostExactFlips = 25;

struct PickComparison {
    std::int64_t items = 0;
    std::int64_t right_to_wrong = 0;  ///< right in the baseline, wrong in the run
    std::int64_t wrong_to_right = 0;
    std::int64_t other_changes = 0;  ///< another pick, both wrong
    double difference = 0.0;         ///< share right of the run minus that of the baseline
    Interval difference_interval;    ///< 95 %, Agresti and Min (2005)
    double p_value = 1.0;            ///< two-sided
    bool exact = true;               ///< binomial; false: chi-square
};

/// Two-sided p of `one` and `other` flips when both ways were equally likely; 1 without flips.
double mcnemarPValue(std::int64_t one, std::int64_t other);

/// Picks by question. Errors: another number of questions, none, or a pick below 0 (a run that gave no number).
Result<PickComparison> comparePicks(std::span<const std::int64_t> gold, std::span<const std::int64_t> baseline,
                                    std::span<const std::int64_t> run);

}  // namespace quantoscope
