#include "core/evaluation/choice/choice_result.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace quantoscope {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

template <typename Pick>
Accuracy accuracyBy(std::span<const ChoiceResult> results, Pick pick) {
    std::int64_t right = 0;
    for (const auto& result : results) {
        const auto picked = pick(result);
        if (picked < 0) return {kNotANumber, kNotANumber};
        right += picked == result.gold ? 1 : 0;
    }
    return accuracyOf(right, std::ssize(results));
}

}  // namespace

std::int64_t pickOf(std::span<const double> scores) {
    if (scores.empty() || std::ranges::any_of(scores, [](double score) { return std::isnan(score); })) return -1;
    return std::ranges::max_element(scores) - scores.begin();
}

std::int64_t pickOf(const ChoiceResult& result) {
    return pickOf(std::span(result.log_likelihoods));
}

std::int64_t normalisedPickOf(const ChoiceResult& result) {
    auto scores = result.log_likelihoods;
    for (std::size_t i = 0; i < scores.size() && i < result.lengths.size(); ++i)
        scores[i] /= static_cast<double>(std::max<std::int64_t>(1, result.lengths[i]));
    return pickOf(std::span<const double>(scores));
}

Accuracy accuracyOf(std::int64_t right, std::int64_t items) {
    if (items < 1) return {kNotANumber, kNotANumber};
    const auto n = static_cast<double>(items);
    const double p = static_cast<double>(right) / n;
    return {p, items < 2 ? kNotANumber : std::sqrt(p * (1.0 - p) / (n - 1.0))};
}

Accuracy accuracyOf(std::span<const ChoiceResult> results) {
    return accuracyBy(results, [](const ChoiceResult& result) { return pickOf(result); });
}

Accuracy normalisedAccuracyOf(std::span<const ChoiceResult> results) {
    return accuracyBy(results, &normalisedPickOf);
}

}  // namespace quantoscope
