#include "app/workbench/evaluate_page/score_data.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "app/workbench/session/session_paths.h"
#include "core/evaluation/benchmark.h"
#include "core/methods/method.h"
#include "core/study/study_scores.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/colour_map.h"

namespace quantoscope {
namespace {

QString protocolText(const Score& score) {
    QStringList parts;
    for (const auto& [key, value] : score.protocol)
        parts << QStringLiteral("%1 %2").arg(QString::fromStdString(key), QString::fromStdString(value));
    return parts.join(QStringLiteral(", "));
}

/// All questions of the published set?
bool isComplete(const Score& score) {
    const auto benchmark = findBenchmark(score.benchmark);
    const auto items = score.protocol.find("items");
    return benchmark && items != score.protocol.end() && items->second == std::to_string((*benchmark)->published_items);
}

/// What tells two columns of one benchmark apart, short enough for a header.
QString shortProtocol(const Score& score) {
    QStringList parts;
    if (const auto window = score.protocol.find("window"); window != score.protocol.end())
        parts << QString::fromStdString(window->second);
    const auto items = score.protocol.find("items");
    if (items != score.protocol.end() && !isComplete(score)) parts << QString::fromStdString(items->second);
    return parts.join(QStringLiteral(" · "));
}

/// Shares are shown in percent.
bool isShare(const Score& score) {
    const auto benchmark = findBenchmark(score.benchmark);
    const auto* metric = benchmark ? findMetric(**benchmark, score.metric) : nullptr;
    return metric != nullptr && metric->unit == "%";
}

QString itemsText(const BenchmarkDescription& benchmark, const Score& score) {
    const auto items = score.protocol.find("items");
    if (items == score.protocol.end()) return {};
    const auto count = QString::fromStdString(items->second);
    if (benchmark.published_items == 0 || isComplete(score))
        return QCoreApplication::translate("ScoreData", "\n%1 questions").arg(count);
    return QCoreApplication::translate("ScoreData", "\n%1 questions; the published set has %2")
        .arg(count, countText(benchmark.published_items));
}

ScoreColumn scoreColumn(const Score& score) {
    ScoreColumn column;
    column.id = scoreColumnId(score);
    column.label = QString::fromStdString(score.benchmark);
    column.unit = QString::fromStdString(score.metric);
    column.definition = column.unit + QStringLiteral(": ") + protocolText(score);
    const auto benchmark = findBenchmark(score.benchmark);
    const auto* metric = benchmark ? findMetric(**benchmark, score.metric) : nullptr;
    if (metric == nullptr) return column;
    column.label = QString::fromStdString((*benchmark)->label);
    column.unit = metric->unit == "%" ? QStringLiteral("%") : QStringLiteral("PPL");
    column.lower_is_better = metric->lower_is_better;
    column.listed = metric == &(*benchmark)->metrics.front();
    if (!column.listed) column.label += QStringLiteral(", ") + QString::fromStdString(metric->label);
    column.definition = QString::fromStdString((*benchmark)->definition) + itemsText(**benchmark, score) +
                        QLatin1Char('\n') + protocolText(score);
    if ((*benchmark)->chance > 0.0) {
        column.chance = 100.0 * (*benchmark)->chance;
        column.definition += QCoreApplication::translate("ScoreData", "\nguessing scores %1 %").arg(*column.chance);
    }
    return column;
}

QString methodLabel(const std::string& id) {
    const auto method = findMethod(id);
    return QString::fromStdString(method ? (*method)->label : id);
}

constexpr int kUsualShade = 4;  // of four bits: stands for the method
constexpr QLatin1String kMixed(" mixed");

QColor methodColour(const std::string& id, int shade, const Tokens& tokens) {
    const auto method = findMethod(id);
    return runColour(method ? QString::fromStdString((*method)->hue) : QString(), method ? shade : 0, tokens);
}

/// A variant's shade depends on its name alone, unless another one that is shown has it already.
int shadeOf(const QString& variant, std::set<int>& taken) {
    constexpr std::array kShades{4, 2, 8, 3};
    const auto first = qHash(variant, 0) % kShades.size();
    for (std::size_t i = 0; i < kShades.size(); ++i)
        if (const int shade = kShades.at((first + i) % kShades.size()); taken.insert(shade).second) return shade;
    return kShades.at(first);
}

/// Points that one line may join: bit widths of one method with equal options, and its mixed-precision runs, whatever
/// linears have which bits. Every other checkpoint stands alone.
struct LineKey {
    std::string method;
    QString variant;
    bool operator<(const LineKey& other) const {
        return std::tie(method, variant) < std::tie(other.method, other.variant);
    }
};
LineKey lineKey(const RunEntry& run) {
    if (!run.info.checkpoint.empty()) return {run.info.method, run.key.text()};
    const QString variant = variantLabel(run.info);
    const auto mixed = variant.indexOf(kMixed);
    return {run.info.method, mixed < 0 ? variant : variant.left(mixed + kMixed.size())};
}

/// Names and colours: the method's alone, as long as there is one variant of it.
std::vector<ScoreLine> namedLines(std::map<LineKey, ScoreLine>&& by_key, const Tokens& tokens) {
    std::map<std::string, std::size_t> variants;
    for (const auto& [key, line] : by_key) ++variants[key.method];
    std::map<std::string, std::set<int>> taken;
    std::vector<ScoreLine> lines;
    for (auto& [key, line] : by_key) {
        if (line.method.isEmpty()) {
            const bool alone = variants[key.method] == 1;
            line.method = methodLabel(key.method) + (alone ? QString() : key.variant);
            line.colour =
                methodColour(key.method, alone ? kUsualShade : shadeOf(key.variant, taken[key.method]), tokens);
        }
        std::ranges::sort(line.points, {}, &ScorePoint::bits);
        lines.push_back(std::move(line));
    }
    return lines;
}

/// Columns of one benchmark with other questions or another protocol that read the same get a number.
void tellApart(std::vector<ScoreColumn>& columns) {
    std::map<QString, int> seen;
    for (const auto& column : columns) ++seen[column.label];
    std::map<QString, int> rank;
    for (auto& column : columns)
        if (seen[column.label] > 1) column.label += QStringLiteral(" #%1").arg(++rank[column.label]);
}

const std::vector<StudyScore>& studyScores() {
    // Read once. A damaged file means no ghosts, which is no reason to show no scores.
    static const auto scores = [] {
        const QString path = shippedStudy();
        return path.isEmpty() ? std::vector<StudyScore>()
                              : readStudyScores(path.toStdString()).value_or(std::vector<StudyScore>());
    }();
    return scores;
}

std::optional<PublishedScore> publishedScore(const RunEntry& run, const Score& score) {
    if (run.study_model.empty()) return std::nullopt;
    const auto found = studyScoreOf(studyScores(), run.study_model, run.info, score);
    if (!found) return std::nullopt;
    return PublishedScore{found->value, QCoreApplication::translate("ScoreData", "the study, %1, Table %2")
                                            .arg(QString::fromStdString(found->model))
                                            .arg(found->table)};
}

}  // namespace

double shownValue(const Score& score) {
    return isShare(score) ? 100.0 * score.value : score.value;
}

QString scoreColumnId(const Score& score) {
    return QString::fromStdString(score.benchmark + "/" + score.metric) + QLatin1Char('/') + protocolText(score);
}

std::vector<ScoreColumn> scoreColumns(const std::vector<const RunEntry*>& runs) {
    std::vector<ScoreColumn> columns;
    for (const auto* run : runs) {
        for (const auto& score : run->scores) {
            const QString id = scoreColumnId(score);
            if (std::ranges::find(columns, id, &ScoreColumn::id) != columns.end()) continue;
            auto column = scoreColumn(score);
            if (const auto text = shortProtocol(score); !text.isEmpty())
                column.label += QStringLiteral(" (%1)").arg(text);
            columns.push_back(std::move(column));
        }
    }
    tellApart(columns);
    return columns;
}

std::vector<ScoreRow> scoreRows(const std::vector<const RunEntry*>& runs, const RunEntry* baseline,
                                ScoreStatistics& statistics, const Tokens& tokens) {
    std::vector<ScoreRow> rows;
    for (const auto* run : runs) {
        ScoreRow row;
        row.id = run->key.text();
        row.name = runLabel(run->info);
        row.colour = runColour(run->info, tokens);
        if (run->info.bits_per_weight > 0) row.bits_per_weight = run->info.bits_per_weight;
        if (run->info.seconds > 0) row.seconds = run->info.seconds;
        if (run->info.peak_bytes > 0) row.bytes = static_cast<std::uint64_t>(run->info.peak_bytes);
        for (const auto& score : run->scores) {
            const auto id = scoreColumnId(score);
            row.scores[id] = shownValue(score);
            if (const auto published = publishedScore(*run, score)) row.published[id] = *published;
            if (!std::isnan(score.standard_error)) row.standard_errors[id] = 100.0 * score.standard_error;
            if (baseline == nullptr || baseline == run) continue;
            if (const auto difference = statistics.difference(*baseline, *run, score))
                row.against_pin[id] = *difference;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

ScoreChart scoreChart(const std::vector<const RunEntry*>& runs, const QString& column, ScoreStatistics& statistics,
                      const Tokens& tokens) {
    ScoreChart chart;
    std::map<LineKey, ScoreLine> by_key;
    for (const auto* run : runs) {
        const auto score = std::ranges::find(run->scores, column, scoreColumnId);
        if (score == run->scores.end()) continue;
        if (run->isOriginal()) {
            chart.full_precision = shownValue(*score);
            continue;
        }
        const double bits = runPlace(run->info);
        if (bits <= 0.0) continue;  // a checkpoint that is not all read yet
        auto& line = by_key[lineKey(*run)];
        if (!run->info.checkpoint.empty()) {
            line.method = runLabel(run->info);
            line.colour = runColour(run->info, tokens);
        }
        line.points.push_back({run->key.text(), bits, shownValue(*score)});
        if (const auto published = publishedScore(*run, *score)) line.published.push_back({{}, bits, published->value});
        if (const auto interval = statistics.interval(*run, *score)) chart.intervals[run->key.text()] = *interval;
    }
    chart.lines = namedLines(std::move(by_key), tokens);
    return chart;
}

void addUncertainty(PlotSpec& spec, const ScoreChart& chart, std::optional<double> chance) {
    constexpr double kShift = 0.05;  // of the distance between two bit widths
    const double middle = (static_cast<double>(spec.series.size()) - 1.0) / 2.0;
    for (std::size_t place = 0; place < spec.series.size() && !chart.intervals.empty(); ++place) {
        auto& series = spec.series[place];
        if (series.dashed) continue;  // published values come without intervals
        series.error_bars = true;
        series.draw_shift = kShift * (static_cast<double>(place) - middle);
        for (std::size_t i = 0; i < series.y.size(); ++i) {
            const auto found = chart.intervals.find(i < series.point_ids.size() ? series.point_ids[i] : QString());
            const bool known = found != chart.intervals.end();
            series.band_low.push_back(known ? found->second.low : series.y[i]);
            series.band_high.push_back(known ? found->second.high : series.y[i]);
        }
    }
    if (chance)
        spec.lines.push_back({Qt::Horizontal,
                              *chance,
                              QCoreApplication::translate("ScoreData", "guessing %1").arg(valueText(*chance)),
                              {}});
}

}  // namespace quantoscope
