#include "app/workbench/evaluate_page/score_statistics.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "app/workbench/evaluate_page/score_data.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

constexpr double kTwoSided95 = 1.959963984540054;
constexpr std::size_t kMostKept = 4096;  // far more than a table shows

QString text(const char* source) {
    return QCoreApplication::translate("ScoreStatistics", source);
}

/// A score that was made anew has another value, and so another key.
QString keyOf(const RunEntry& run, const Score& score) {
    return run.key.text() + QChar(0x1e) + scoreColumnId(score) + QChar(0x1e) + exactText(score.value);
}

QString pValueText(double p) {
    return p < 0.001 ? QStringLiteral("p < 0.001") : QStringLiteral("p %1").arg(valueText(p));
}

QString intervalText(const ScoreDifference& difference, const QString& unit) {
    return text("95 % interval of Δ %1 to %2")
        .arg(deltaText(difference.low), deltaText(difference.high) + (unit.isEmpty() ? unit : QLatin1Char(' ') + unit));
}

QString helpText(const ScoreComparison& comparison, const ScoreDifference& difference, qsizetype windows) {
    QStringList lines;
    lines << intervalText(difference, comparison.picks ? text("points") : QString());
    if (comparison.perplexity)
        lines << text("ratio %1 (%2 to %3), paired bootstrap over %4 windows")
                     .arg(QString::number(comparison.perplexity->ratio, 'f', 4),
                          QString::number(comparison.perplexity->ratio_interval.low, 'f', 4),
                          QString::number(comparison.perplexity->ratio_interval.high, 'f', 4))
                     .arg(windows);
    if (comparison.picks)
        lines << flipsText(*comparison.picks) +
                     (comparison.picks->exact ? text(" (McNemar, exact)") : text(" (McNemar, chi-square)"));
    lines << (comparison.distinguishable ? text("differs from the baseline")
                                         : text("≈ cannot be told apart from the baseline"));
    return lines.join(QLatin1Char('\n'));
}

std::optional<ScoreDifference> makeDifference(const RunEntry& baseline, const Score& before, const RunEntry& run,
                                              const Score& score) {
    const auto comparison = compareScores(baseline.scores, before, run.scores, score);
    if (!comparison) return std::nullopt;
    const double factor = comparison->picks ? 100.0 : 1.0;
    ScoreDifference difference{
        comparison->distinguishable, factor * comparison->interval.low, factor * comparison->interval.high, {}};
    difference.help = helpText(*comparison, difference, std::ssize(score.window_nll));
    return difference;
}

std::optional<Interval> makeInterval(const Score& score) {
    if (!std::isnan(score.standard_error)) {
        const double width = kTwoSided95 * score.standard_error;
        return Interval{100.0 * std::max(0.0, score.value - width), 100.0 * std::min(1.0, score.value + width)};
    }
    const auto interval = perplexityInterval(score.window_nll);
    return interval ? std::optional<Interval>(*interval) : std::nullopt;
}

}  // namespace

std::optional<Interval> ScoreStatistics::interval(const RunEntry& run, const Score& score) {
    if (intervals_.size() > kMostKept) intervals_.clear();
    const auto [place, is_new] = intervals_.try_emplace(keyOf(run, score));
    if (is_new) place->second = makeInterval(score);
    return place->second;
}

std::optional<ScoreDifference> ScoreStatistics::difference(const RunEntry& baseline, const RunEntry& run,
                                                           const Score& score) {
    const auto* before = scoreOfColumn(baseline, scoreColumnId(score));
    if (before == nullptr) return std::nullopt;
    if (differences_.size() > kMostKept) differences_.clear();
    const auto [place, is_new] = differences_.try_emplace(keyOf(baseline, *before) + QChar(0x1d) + keyOf(run, score));
    if (is_new) place->second = makeDifference(baseline, *before, run, score);
    return place->second;
}

const Score* scoreOfColumn(const RunEntry& run, const QString& column) {
    const auto found = std::ranges::find(run.scores, column, scoreColumnId);
    return found == run.scores.end() ? nullptr : &*found;
}

QString flipsText(const PickComparison& picks) {
    return text("%1 lost, %2 won, %3")
        .arg(countText(picks.right_to_wrong), countText(picks.wrong_to_right), pValueText(picks.p_value));
}

}  // namespace quantoscope
