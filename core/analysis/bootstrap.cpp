#include "core/analysis/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

namespace quantoscope {
namespace {

constexpr std::uint64_t kSeed = 2024;
constexpr double kLargestNll = 700.0;              // exp overflows soon after
constexpr double kTwoSided95 = 1.959963984540054;  // the normal's 97.5th percentile

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers with every compiler.
class Draws {
public:
    explicit Draws(std::size_t count) : count_(count) {}
    std::size_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        mixed ^= mixed >> 31U;
        return static_cast<std::size_t>(((mixed >> 32U) * count_) >> 32U);
    }

private:
    std::uint64_t state_ = kSeed;
    std::uint64_t count_;
};

double meanOf(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Status checkWindows(std::span<const double> nll, const char* whose) {
    if (nll.size() < 2)
        return failure("an interval needs at least two windows, and " + std::string(whose) + " has " +
                       std::to_string(nll.size()) + ": evaluate more of the text");
    const auto bad = std::ranges::find_if(nll, [](double value) { return !(std::abs(value) <= kLargestNll); });
    if (bad == nll.end()) return {};
    return failure("window " + std::to_string(bad - nll.begin() + 1) + " of " + whose +
                   " has no finite perplexity: there is no interval");
}

Interval percentileInterval(std::vector<double>& values) {
    std::ranges::sort(values);
    return {percentile(values, 0.025), percentile(values, 0.975)};
}

/// Half the width of the normal interval of a mean.
double normalHalfWidth(std::span<const double> values) {
    const double mean = meanOf(values);
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const auto n = static_cast<double>(values.size());
    return kTwoSided95 * std::sqrt(squares / (n * (n - 1.0)));
}

/// The delta method: each window moves the figure by its own share.
void setNormalIntervals(PerplexityComparison& result, std::span<const double> baseline, std::span<const double> run) {
    const double base_perplexity = std::exp(meanOf(baseline));
    const double run_perplexity = std::exp(meanOf(run));
    std::vector<double> log_ratio(run.size());
    std::vector<double> influence(run.size());
    for (std::size_t i = 0; i < run.size(); ++i) {
        log_ratio[i] = run[i] - baseline[i];
        influence[i] = run_perplexity * run[i] - base_perplexity * baseline[i];
    }
    const double ratio_width = normalHalfWidth(log_ratio);
    const double width = normalHalfWidth(influence);
    result.ratio_interval = {result.ratio * std::exp(-ratio_width), result.ratio * std::exp(ratio_width)};
    result.difference_interval = {result.difference - width, result.difference + width};
}

bool isDrawn(std::span<const double> nll) {
    return std::ssize(nll) <= kMostDrawnWindows;
}

}  // namespace

double percentile(std::span<const double> ascending, double p) {
    const double place = p * static_cast<double>(ascending.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, ascending.size() - 1);
    if (ascending[below] == ascending[above]) return ascending[below];
    return ascending[below] + (place - static_cast<double>(below)) * (ascending[above] - ascending[below]);
}

Result<Interval> perplexityInterval(std::span<const double> window_nll) {
    QS_TRY(checkWindows(window_nll, "the run"));
    if (!isDrawn(window_nll)) {
        const double mean = meanOf(window_nll);
        const double width = normalHalfWidth(window_nll);
        return Interval{std::exp(mean - width), std::exp(mean + width)};
    }
    Draws draws(window_nll.size());
    std::vector<double> perplexities(kBootstrapDraws);
    for (double& value : perplexities) {
        double sum = 0.0;
        for (std::size_t i = 0; i < window_nll.size(); ++i) sum += window_nll[draws.next()];
        value = std::exp(sum / static_cast<double>(window_nll.size()));
    }
    return percentileInterval(perplexities);
}

Result<PerplexityComparison> comparePerplexity(std::span<const double> baseline_nll, std::span<const double> run_nll) {
    QS_TRY(checkWindows(baseline_nll, "the baseline"));
    QS_TRY(checkWindows(run_nll, "the run"));
    if (baseline_nll.size() != run_nll.size())
        return failure("the baseline has " + std::to_string(baseline_nll.size()) + " windows and the run has " +
                       std::to_string(run_nll.size()) + ": evaluate both on the same windows to compare them");
    PerplexityComparison result;
    const double baseline = std::exp(meanOf(baseline_nll));
    const double run = std::exp(meanOf(run_nll));
    result.difference = run - baseline;
    result.ratio = std::exp(meanOf(run_nll) - meanOf(baseline_nll));
    if (!isDrawn(run_nll)) {
        setNormalIntervals(result, baseline_nll, run_nll);
        return result;
    }
    Draws draws(run_nll.size());
    const auto n = static_cast<double>(run_nll.size());
    std::vector<double> differences(kBootstrapDraws);
    std::vector<double> ratios(kBootstrapDraws);
    for (std::size_t draw = 0; draw < differences.size(); ++draw) {
        double base_sum = 0.0;
        double run_sum = 0.0;
        for (std::size_t i = 0; i < run_nll.size(); ++i) {
            const auto window = draws.next();
            base_sum += baseline_nll[window];
            run_sum += run_nll[window];
        }
        differences[draw] = std::exp(run_sum / n) - std::exp(base_sum / n);
        ratios[draw] = std::exp((run_sum - base_sum) / n);
    }
    result.difference_interval = percentileInterval(differences);
    result.ratio_interval = percentileInterval(ratios);
    return result;
}

}  // namespace quantoscope
