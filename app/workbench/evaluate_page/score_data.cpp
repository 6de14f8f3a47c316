#include "app/workbench/evaluate_page/score_data.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>

#include "core/methods/method.h"
#include "widgets/theme/colour_map.h"

namespace quantoscope {
namespace {

QString protocolText(const Score& score) {
    QStringList parts;
    for (const auto& [key, value] : score.protocol)
        parts << QStringLiteral("%1 %2").arg(QString::fromStdString(key), QString::fromStdString(value));
    return parts.join(QStringLiteral(", "));
}

/// What tells two columns of one benchmark apart, short enough for a header.
QString shortProtocol(const Score& score) {
    QStringList parts;
    if (const auto window = score.protocol.find("window"); window != score.protocol.end())
        parts << QString::fromStdString(window->second);
    if (const auto limit = score.protocol.find("limit"); limit != score.protocol.end() && limit->second != "0")
        parts << QCoreApplication::translate("ScoreData", "first %1").arg(QString::fromStdString(limit->second));
    return parts.join(QStringLiteral(" · "));
}

QString methodLabel(const std::string& id) {
    const auto method = findMethod(id);
    return QString::fromStdString(method ? (*method)->label : id);
}

QColor methodColour(const std::string& id, const Tokens& tokens) {
    constexpr int kPlainBits = 4;  // the shade that stands for the method
    const auto method = findMethod(id);
    return runColour(method ? QString::fromStdString((*method)->hue) : QString(), method ? kPlainBits : 0, tokens);
}

}  // namespace

QString scoreColumnId(const Score& score) {
    return QString::fromStdString(score.benchmark + "/" + score.metric) + QLatin1Char('/') + protocolText(score);
}

std::vector<ScoreColumn> scoreColumns(const std::vector<const RunEntry*>& runs) {
    std::vector<ScoreColumn> columns;
    for (const auto* run : runs) {
        for (const auto& score : run->scores) {
            const QString id = scoreColumnId(score);
            if (std::ranges::find(columns, id, &ScoreColumn::id) != columns.end()) continue;
            ScoreColumn column;
            column.id = id;
            column.label = QString::fromStdString(score.benchmark);
            if (const auto text = shortProtocol(score); !text.isEmpty())
                column.label += QStringLiteral(" (%1)").arg(text);
            column.unit = score.metric == "perplexity" ? QStringLiteral("PPL") : QString::fromStdString(score.metric);
            column.lower_is_better = score.metric == "perplexity";
            column.definition = QString::fromStdString(score.metric) + QStringLiteral(": ") + protocolText(score);
            columns.push_back(column);
        }
    }
    return columns;
}

std::vector<ScoreRow> scoreRows(const std::vector<const RunEntry*>& runs, const Tokens& tokens) {
    std::vector<ScoreRow> rows;
    for (const auto* run : runs) {
        ScoreRow row;
        row.id = run->key.text();
        row.name = runLabel(run->info);
        row.colour = runColour(run->info, tokens);
        if (run->info.bits_per_weight > 0) row.bits_per_weight = run->info.bits_per_weight;
        if (run->info.seconds > 0) row.seconds = run->info.seconds;
        if (run->info.peak_bytes > 0) row.bytes = static_cast<std::uint64_t>(run->info.peak_bytes);
        for (const auto& score : run->scores) row.scores[scoreColumnId(score)] = score.value;
        rows.push_back(std::move(row));
    }
    return rows;
}

ScoreChart scoreChart(const std::vector<const RunEntry*>& runs, const QString& column, const Tokens& tokens) {
    ScoreChart chart;
    std::map<std::string, ScoreLine> by_method;
    for (const auto* run : runs) {
        const auto score = std::ranges::find(run->scores, column, scoreColumnId);
        if (score == run->scores.end()) continue;
        if (run->isOriginal()) {
            chart.full_precision = score->value;
            continue;
        }
        auto& line = by_method[run->info.method];
        line.method = methodLabel(run->info.method);
        line.colour = methodColour(run->info.method, tokens);
        line.points.push_back({run->key.text(), static_cast<double>(runBits(run->info)), score->value});
    }
    for (auto& [id, line] : by_method) {
        std::ranges::sort(line.points, {}, &ScorePoint::bits);
        chart.lines.push_back(std::move(line));
    }
    return chart;
}

}  // namespace quantoscope
