#include "app/workbench/analyse_page/analysis_data.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("AnalysisData", source);
}

Fact metricFact(const MetricDescription& metric, double value, std::optional<double> reference) {
    Fact fact{QString::fromStdString(metric.label), valueText(value, QString::fromStdString(metric.unit)),
              QString::fromStdString(metric.definition)};
    if (!reference || *reference == value) return fact;
    fact.value += QStringLiteral("  (") + deltaText(value - *reference) + QLatin1Char(')');
    fact.tone = (value < *reference) == metric.lower_is_better ? FactTone::good : FactTone::bad;
    return fact;
}

}  // namespace

ExportCaption runCaption(Session& session, const RunKey& run) {
    const auto* folder = session.runs().findFolder(run.folder);
    return {folder != nullptr ? folder->model_path.section(QLatin1Char('/'), -1) : QString(), run.configuration,
            folder != nullptr ? folder->name : QString()};
}

HeatmapData heatmapOf(const RunMetrics* metrics, std::int64_t block_count, const std::string& metric_id) {
    HeatmapData data(static_cast<int>(block_count));
    if (metrics == nullptr) return data;
    for (const auto& [block, linears] : metrics->blocks) {
        if (block < 0 || block >= data.blocks) continue;
        for (int row = 0; row < HeatmapData::kRows; ++row) {
            const auto& values = linears[static_cast<std::size_t>(row)];
            if (const auto found = values.find(metric_id); found != values.end()) data.set({block, row}, found->second);
        }
    }
    return data;
}

QString mapNote(const RunEntry& run, const HeatmapData& data, const MetricDescription& metric,
                const HeatmapData* baseline) {
    if (run.info.state != "done" && run.info.finished_blocks < run.info.block_count)
        return text("%1 · block %2 of %3")
            .arg(runStateText(run))
            .arg(run.info.finished_blocks)
            .arg(run.info.block_count);
    QStringList parts;
    if (const double mean = meanOverLinears(data.present(), metric); std::isfinite(mean)) {
        QString part = text("mean %1").arg(valueText(mean, QString::fromStdString(metric.unit)));
        const double pinned = baseline != nullptr ? meanOverLinears(baseline->present(), metric) : std::nan("");
        if (std::isfinite(pinned)) part += QStringLiteral(" (%1)").arg(deltaText(mean - pinned));
        parts << part;
    }
    if (run.info.bits_per_weight > 0) parts << text("%1 bits per weight").arg(valueText(run.info.bits_per_weight));
    return parts.join(QStringLiteral(" · "));
}

std::vector<FactSection> linearFacts(const BlockMetrics* values, const BlockMetrics* baseline, LinearRole role) {
    FactSection section;
    if (values == nullptr) {
        section.note = text("This block is not finished yet.");
        return {section};
    }
    const auto index = static_cast<std::size_t>(role);
    for (const auto& metric : linearMetrics()) {
        const auto found = (*values)[index].find(metric.id);
        if (found == (*values)[index].end()) continue;
        std::optional<double> reference;
        if (baseline != nullptr)
            if (const auto other = (*baseline)[index].find(metric.id); other != (*baseline)[index].end())
                reference = other->second;
        section.facts.push_back(metricFact(metric, found->second, reference));
    }
    if (section.facts.empty())
        section.note = text("This linear was not quantized.");
    else if (baseline != nullptr)
        section.note = text("In brackets: difference to the pinned baseline.");
    return {section};
}

const LinearRecord* linearOf(const LayerRecord& record, LinearRole role) {
    const auto found = std::ranges::find(record.linears, role, &LinearRecord::role);
    return found == record.linears.end() ? nullptr : &*found;
}

}  // namespace quantoscope
