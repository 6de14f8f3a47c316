#include "app/workbench/bits_page/bits_texts.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("BitsPage", text);
}

/// The height of a predicted loss in the chart.
double shownLoss(const Sensitivity& sensitivity, double loss) {
    return expectedPerplexity(sensitivity, loss).value_or(loss);
}

PlotSeries points(const QString& name, const QColor& colour, bool filled) {
    PlotSeries series;
    series.name = name;
    series.id = name;
    series.colour = colour;
    series.shape = SeriesShape::points;
    series.filled_points = filled;
    return series;
}

/// Runs whose measured perplexity is beyond the chart's use, such as a collapsed width, stay out of it.
bool isShown(const Sensitivity& sensitivity, const MeasuredLoss& run) {
    constexpr double kFarOff = 10.0;
    return run.perplexity && sensitivity.original_perplexity &&
           *run.perplexity < kFarOff * *sensitivity.original_perplexity;
}

PlotSeries curveOf(const BitsStudy& study, const Tokens& tokens) {
    PlotSeries best;
    best.id = best.name = tr("least predicted for a size");
    best.colour = tokens.accent;
    for (const auto& point : study.curve()) {
        best.x.push_back(study.sensitivity()->bitsPerWeight(point.size_bits));
        best.y.push_back(shownLoss(*study.sensitivity(), point.loss));
    }
    return best;
}

}  // namespace

PlotSpec bitsChartSpec(const BitsStudy& study, const Tokens& tokens) {
    PlotSpec spec;
    spec.title = tr("Loss against size");
    const auto* sensitivity = study.sensitivity();
    if (sensitivity == nullptr) return spec;
    const bool perplexity = sensitivity->calibrated && sensitivity->original_perplexity.has_value();
    spec.x.label = tr("size");
    spec.x.unit = tr("bits per weight");
    spec.y.label = perplexity ? tr("perplexity") : tr("predicted loss");
    spec.y.scale = perplexity ? ScaleKind::logarithmic : ScaleKind::linear;
    spec.series.push_back(curveOf(study, tokens));
    PlotSeries uniform = points(tr("one width everywhere, measured"), tokens.text, true);
    PlotSeries mixed = points(tr("mixed, measured"), tokens.good, true);
    PlotSeries expected = points(tr("mixed, predicted"), tokens.good, false);
    for (const auto& run : sensitivity->measured) {
        const double x = sensitivity->bitsPerWeight(run.size_bits);
        if (perplexity && !isShown(*sensitivity, run)) continue;
        auto& series = run.mixed ? mixed : uniform;
        series.x.push_back(x);
        series.y.push_back(perplexity ? *run.perplexity : run.loss);
        series.point_ids.push_back(QString::fromStdString(run.configuration));
        if (!run.mixed) continue;
        expected.x.push_back(x);
        expected.y.push_back(shownLoss(*sensitivity, run.loss));
    }
    for (auto* series : {&uniform, &mixed, &expected})
        if (!series->x.empty()) spec.series.push_back(*series);
    if (perplexity)
        spec.lines.push_back({Qt::Horizontal, *sensitivity->original_perplexity, tr("full precision"), tokens.muted});
    return spec;
}

QString sizeText(const BitsStudy& study) {
    if (!study.assigned()) return {};
    const auto bytes = static_cast<std::uint64_t>((study.assigned()->size_bits + 7) / 8);
    QString text = bytesText(bytes);
    const auto expected = study.expectedPerplexity();
    const auto original = study.sensitivity()->original_perplexity;
    if (expected && original)
        text += tr(" · perplexity %1 expected (%2 %)")
                    .arg(valueText(*expected), deltaText(std::round(1000.0 * (*expected / *original - 1.0)) / 10.0));
    else
        text += tr(" · predicted loss %1").arg(valueText(study.assigned()->loss));
    return text;
}

QString linearToolTip(const BitsStudy& study, HeatmapCell cell) {
    const auto& map = study.map();
    if (cell.block >= static_cast<int>(map.size())) return {};
    const auto& shown = map[static_cast<std::size_t>(cell.block)][static_cast<std::size_t>(cell.row)];
    QString text = cellName(cell) + QStringLiteral(": ") + bitsText(shown.bits);
    if (shown.by_hand) text += tr(", set by hand");
    const auto* linear = study.linear(cell);
    if (linear == nullptr) return text;
    for (const auto& choice : linear->choices)
        text += QStringLiteral("\n") + tr("%1: loses %2").arg(bitsText(choice.bits), valueText(choice.loss));
    return text;
}

std::vector<FactSection> linearBitsFacts(const BitsStudy& study, HeatmapCell cell) {
    const auto* linear = study.linear(cell);
    if (linear == nullptr) return {};
    FactSection section{tr("What it costs"), {}, {}};
    const auto& shown = study.map()[static_cast<std::size_t>(cell.block)][static_cast<std::size_t>(cell.row)];
    for (const auto& choice : linear->choices)
        section.facts.push_back({bitsText(choice.bits), valueText(choice.loss),
                                 tr("Predicted loss of the model with this linear at %1").arg(bitsText(choice.bits)),
                                 choice.bits == shown.bits ? FactTone::good : FactTone::plain});
    FactSection size{tr("Size"), {}, {}};
    size.facts.push_back({tr("Weights"), countText(linear->weights), {}, FactTone::plain});
    size.facts.push_back(
        {tr("Bits"), bitsText(shown.bits) + (shown.by_hand ? tr(", by hand") : QString()), {}, FactTone::plain});
    return {size, section};
}

std::vector<FactSection> predictedFacts(const BitsStudy& study) {
    const auto* sensitivity = study.sensitivity();
    if (sensitivity == nullptr) return {};
    FactSection section{tr("Predicted and measured"), {}, {}};
    for (const auto& run : sensitivity->measured) {
        const QString predicted = valueText(run.expected_perplexity.value_or(run.loss));
        const QString measured = run.perplexity ? valueText(*run.perplexity) : QStringLiteral("–");
        const double size = sensitivity->bitsPerWeight(run.size_bits);
        section.facts.push_back({run.mixed ? tr("mixed, %1 bits").arg(size, 0, 'f', 2) : bitsText(run.bits),
                                 predicted + QStringLiteral(" / ") + measured,
                                 QString::fromStdString(run.configuration), FactTone::plain});
    }
    for (const auto width : sensitivity->collapsed_widths)
        section.note += tr("%1 are left out: there the model has more than ten times the original's perplexity. ")
                            .arg(bitsText(width));
    return {section};
}

}  // namespace quantoscope
