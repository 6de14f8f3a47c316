// What a model answered, and how good that is.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace quantoscope {

/// One question answered.
struct ChoiceResult {
    std::vector<double> log_likelihoods;  ///< of each choice: sum over its tokens, natural log
    std::vector<std::int64_t> lengths;    ///< code points of each choice; empty: no normalised score
    std::int64_t gold = 0;
    std::string category = {};  ///< id of the part of the benchmark; empty: it has no parts
    friend bool operator==(const ChoiceResult&, const ChoiceResult&) = default;
};

/// The largest, ties to the lowest index; -1 when one of them is not a number.
std::int64_t pickOf(std::span<const double> scores);
/// By the raw sums (acc), and by the sums divided by the lengths (acc_norm; a length of 0 counts as 1).
std::int64_t pickOf(const ChoiceResult& result);
std::int64_t normalisedPickOf(const ChoiceResult& result);

struct Accuracy {
    double value = 0.0;           ///< share of right picks, 0 to 1; NaN without items or with one that has a NaN
    double standard_error = 0.0;  ///< sqrt(p (1 - p) / (n - 1)); NaN for fewer than two items
};
Accuracy accuracyOf(std::int64_t right, std::int64_t items);
Accuracy accuracyOf(std::span<const ChoiceResult> results);
Accuracy normalisedAccuracyOf(std::span<const ChoiceResult> results);

}  // namespace quantoscope
