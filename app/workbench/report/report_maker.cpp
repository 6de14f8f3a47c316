#include "app/workbench/report/report_maker.h"

#include <QDir>
#include <QFile>
#include <algorithm>

#include "app/workbench/analyse_page/analysis_data.h"
#include "app/workbench/evaluate_page/score_data.h"
#include "widgets/export_view/export_view.h"
#include "widgets/heatmap/heatmap_view.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr int kPatienceMs = 20'000;  // for metrics that are being read
constexpr QSize kChartSize{680, 320};
constexpr QSize kMapSize{680, 230};
const char* const kMapMetric = "relative_output_error";

std::vector<const RunEntry*> runsOf(const RunFolderEntry& folder) {
    std::vector<const RunEntry*> runs;
    for (const auto& run : folder.runs) runs.push_back(&run);
    return runs;
}

const MetricDescription& mapMetric() {
    const auto& metrics = linearMetrics();
    const auto found = std::ranges::find(metrics, std::string(kMapMetric), &MetricDescription::id);
    return found == metrics.end() ? metrics.front() : *found;
}

/// Printed on paper: always light.
template <typename View>
QByteArray drawn(View& view, QSize size) {
    view.resize(size);
    return svgPicture(view);
}

QString scoreText(const ScoreRow& row, const ScoreColumn& column) {
    const auto value = row.scores.find(column.id);
    if (value == row.scores.end()) return QStringLiteral("–");
    QString text = valueText(value->second);
    if (const auto error = row.standard_errors.find(column.id); error != row.standard_errors.end())
        text += QStringLiteral(" ± %1").arg(error->second, 0, 'f', 1);
    if (const auto other = row.published.find(column.id); other != row.published.end())
        text += QStringLiteral(" (%1 in %2)").arg(valueText(other->second.value), other->second.source);
    return text;
}

}  // namespace

ReportMaker::ReportMaker(Session& session, QString folder, QString path, QObject* parent)
    : QObject(parent), session_(session), folder_(std::move(folder)), path_(std::move(path)) {
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &ReportMaker::step);
    patience_.setSingleShot(true);
    // What cannot be read is left out: the rest is still worth having.
    connect(&patience_, &QTimer::timeout, this, [this] {
        unread_.clear();
        loadNext();
    });
    connect(&session_.layers(), &LayerStore::metricsChanged, this, [this](const RunKey& run) {
        if (unread_.removeAll(run) > 0) loadNext();
    });
    connect(&session_.layers(), &LayerStore::failed, this, [this](const RunKey& run) {
        if (unread_.removeAll(run) > 0) loadNext();
    });
}

void ReportMaker::start() {
    const auto* folder = session_.runs().findFolder(folder_);
    if (folder == nullptr) {
        emit failed({tr("This run folder is not listed any more").toStdString(), {}, folder_.toStdString()});
        return deleteLater();
    }
    for (const auto& run : folder->runs)
        if (!run.isOriginal() && run.info.finished_blocks > 0 && session_.layers().metrics(run.key) == nullptr)
            unread_.append(run.key);
    patience_.start(kPatienceMs);
    for (const auto& run : unread_) session_.layers().require(run);
    loadNext();
}

void ReportMaker::loadNext() {
    const auto* folder = session_.runs().findFolder(folder_);
    if (!unread_.isEmpty() || !pieces_.empty() || folder == nullptr) return;
    patience_.stop();
    addOverview(*folder);
    addScores(*folder);
    planCharts(*folder);
    planMaps(*folder);
    timer_.start(0);
}

void ReportMaker::addOverview(const RunFolderEntry& folder) {
    report_.title = folder.name;
    report_.subtitle = tr("Quantoscope %1 · %2 · made %3")
                           .arg(QStringLiteral(QUANTOSCOPE_VERSION), modelName(folder.model_path), folder.created);
    if (folder.notes.annotation.empty()) return;
    report_.sections.push_back({tr("Notes"), QString::fromStdString(folder.notes.annotation), {}, {}, {}});
}

void ReportMaker::addScores(const RunFolderEntry& folder) {
    const auto runs = runsOf(folder);
    auto columns = scoreColumns(runs);
    std::erase_if(columns, [](const ScoreColumn& column) { return !column.listed; });
    ScoreStatistics statistics;
    ReportSection section{tr("Scores"), {}, {}, {}, {}};
    section.table.header << tr("Run") << tr("State") << tr("Bits per weight") << tr("Time");
    for (const auto& column : columns) section.table.header << column.label + QLatin1Char(' ') + column.unit;
    const auto rows = scoreRows(runs, nullptr, statistics, lightTokens());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        QStringList cells{rows[i].name, runStateText(*runs[i]),
                          rows[i].bits_per_weight ? valueText(*rows[i].bits_per_weight) : QStringLiteral("–"),
                          rows[i].seconds ? durationText(*rows[i].seconds) : QStringLiteral("–")};
        for (const auto& column : columns) cells << scoreText(rows[i], column);
        section.table.rows.push_back(cells);
    }
    report_.sections.push_back(std::move(section));
}

void ReportMaker::planCharts(const RunFolderEntry& folder) {
    for (const auto& column : scoreColumns(runsOf(folder))) {
        if (!column.listed) continue;
        pieces_.emplace_back([this, column] {
            const auto* shown = session_.runs().findFolder(folder_);
            if (shown == nullptr) return;
            ScoreStatistics statistics;
            const auto chart = scoreChart(runsOf(*shown), column.id, statistics, lightTokens());
            const bool percent = column.unit == QLatin1String("%");
            const QString label = column.label + QLatin1Char(' ') + column.unit;
            auto spec = scoreChartSpec(chart.lines, chart.full_precision, label,
                                       percent ? ScaleKind::linear : ScaleKind::logarithmic, BitsAxis::nominal);
            addUncertainty(spec, chart, column.chance);
            if (spec.series.empty()) return;
            PlotCanvas canvas;
            canvas.setPalette(themePalette(lightTokens()));
            canvas.setSpec(spec);
            report_.sections.back().figures.push_back({label + tr(" against bits"), drawn(canvas, kChartSize)});
        });
    }
}

void ReportMaker::planMaps(const RunFolderEntry& folder) {
    const auto& metric = mapMetric();
    pieces_.emplace_back([this] {
        report_.sections.push_back({tr("Where the error is"),
                                    QString::fromStdString(mapMetric().label + ": " + mapMetric().definition),
                                    {},
                                    {},
                                    {}});
    });
    for (const auto& run : folder.runs) {
        if (run.isOriginal() || session_.layers().metrics(run.key) == nullptr) continue;
        pieces_.emplace_back([this, key = run.key, &metric, blocks = run.info.block_count, label = runLabel(run.info)] {
            HeatmapView view;
            view.setPalette(themePalette(lightTokens()));
            view.setTitle(label);
            view.setMetric(metric);
            view.setData(heatmapOf(session_.layers().metrics(key).get(), blocks, metric.id));
            report_.sections.back().figures.push_back({label, drawn(view, kMapSize)});
        });
    }
    pieces_.emplace_back([this] { addMethod(); });
}

/// What someone else needs to get the same numbers.
void ReportMaker::addMethod() {
    ReportSection section{tr("How it was measured"), {}, {}, {}, {}};
    section.table.header << tr("Score") << tr("Definition");
    if (const auto* folder = session_.runs().findFolder(folder_))
        for (const auto& column : scoreColumns(runsOf(*folder)))
            if (column.listed) section.table.rows.push_back({column.label, column.definition});
    QFile recipe(QDir(folder_).filePath(QStringLiteral("recipe.json")));
    if (recipe.open(QIODevice::ReadOnly)) section.code = QString::fromUtf8(recipe.readAll());
    report_.sections.push_back(std::move(section));
}

void ReportMaker::step() {
    if (next_ == pieces_.size()) return end();
    pieces_[next_++]();
    timer_.start(0);
}

void ReportMaker::end() {
    const auto written = writeReport(report_, path_);
    if (written)
        emit finished(path_);
    else
        emit failed(written.error());
    deleteLater();
}

}  // namespace quantoscope
