#include "app/workbench/evaluate_page/run_facts.h"

#include <QCoreApplication>
#include <cmath>

#include "app/workbench/evaluate_page/score_data.h"
#include "core/evaluation/benchmark.h"
#include "core/methods/method.h"
#include "widgets/option_form/option_form.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("RunFacts", source);
}

/// "WikiText-2 perplexity", "PIQA", and under it "· normalised": the value needs the room.
QString factName(const Score& score) {
    const auto benchmark = findBenchmark(score.benchmark);
    if (!benchmark || (*benchmark)->kind == BenchmarkKind::perplexity)
        return QString::fromStdString((benchmark ? (*benchmark)->label : score.benchmark) + " " + score.metric);
    if (const auto* metric = findMetric(**benchmark, score.metric);
        metric != nullptr && score.metric != (*benchmark)->metrics.front().id)
        return QStringLiteral("· ") + QString::fromStdString(metric->label);
    return QString::fromStdString((*benchmark)->label);
}

FactSection scores(const RunEntry& run) {
    FactSection section;
    section.heading = text("Scores");
    for (const auto& score : run.scores) {
        QStringList protocol;
        for (const auto& [key, value] : score.protocol) protocol << QString::fromStdString(key + " " + value);
        QString value = valueText(shownValue(score));
        if (!std::isnan(score.standard_error))
            value = QStringLiteral("%1 ± %2 %")
                        .arg(100.0 * score.value, 0, 'f', 1)
                        .arg(100.0 * score.standard_error, 0, 'f', 1);
        section.facts.push_back({factName(score), value, protocol.join(QLatin1Char('\n'))});
    }
    if (run.scores.empty()) section.note = text("None yet.");
    return section;
}

FactSection options(const RunEntry& run) {
    FactSection section;
    section.heading = text("Options");
    const auto method = findMethod(run.info.method);
    if (!method) return section;
    for (const auto& description : (*method)->options)
        if (const auto found = run.info.options.find(description.id); found != run.info.options.end())
            section.facts.push_back({QString::fromStdString(description.label),
                                     optionValueText(description, found->second),
                                     QString::fromStdString(description.help)});
    return section;
}

FactSection costs(const RunEntry& run, const RunFolderEntry* folder) {
    FactSection section;
    section.facts.push_back({text("State"), runStateText(run), {}});
    if (run.info.bits_per_weight > 0)
        section.facts.push_back({text("Bits per weight"), valueText(run.info.bits_per_weight),
                                 text("Codes, scales and zero points of the quantized linears")});
    if (run.info.seconds > 0) section.facts.push_back({text("Time"), durationText(run.info.seconds), {}});
    if (run.info.peak_bytes > 0)
        section.facts.push_back({text("Peak memory"), bytesText(static_cast<std::uint64_t>(run.info.peak_bytes)), {}});
    if (folder != nullptr)
        section.facts.push_back({text("Folder on disk"), bytesText(folder->disk_bytes), folder->folder});
    return section;
}

}  // namespace

std::vector<FactSection> runFacts(const RunEntry& run, const RunFolderEntry* folder) {
    std::vector<FactSection> sections{costs(run, folder), scores(run)};
    if (!run.info.checkpoint.empty())
        sections.front().facts.push_back(
            {text("Checkpoint"), runLabel(run.info), QString::fromStdString(run.info.checkpoint)});
    if (run.wasQuantizedHere()) sections.push_back(options(run));
    if (folder != nullptr && !folder->notes.annotation.empty()) {
        FactSection notes;
        notes.heading = text("Notes");
        notes.note = QString::fromStdString(folder->notes.annotation);
        sections.push_back(notes);
    }
    return sections;
}

}  // namespace quantoscope
