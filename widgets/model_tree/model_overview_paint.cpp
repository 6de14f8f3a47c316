// How the model overview is drawn: cells in their colours, labels, legend.
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <map>

#include "widgets/heatmap/heatmap_painter.h"
#include "widgets/model_tree/model_overview.h"
#include "widgets/range_control/range_control.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

// Wide types are bright, narrow ones dark: the picture of a mixed checkpoint reads as its cost.
QColor dtypeColour(DType type, const Tokens& tokens) {
    const double bits = static_cast<double>(traits(type).block_bits) / std::max(1U, traits(type).block_elements);
    return mapColour(ColourMap::viridis, 0.1 + 0.8 * std::clamp((std::log2(bits) - 1.0) / 4.5, 0.0, 1.0), tokens);
}

double cellsBottom(const std::vector<OverviewCell>& cells) {
    return std::max_element(
               cells.begin(), cells.end(),
               [](const OverviewCell& a, const OverviewCell& b) { return a.area.bottom() < b.area.bottom(); })
        ->area.bottom();
}

}  // namespace

ValueRange ModelOverview::measureRange(const std::vector<OverviewCell>& cells) const {
    std::vector<double> values;
    for (const OverviewCell& cell : cells)
        if (const auto found = measure_->values.find(cell.tensor); found != measure_->values.end())
            values.push_back(found->second);
    return autoFitRange(std::move(values), 0.0, 1.0);
}

QColor ModelOverview::colourOf(const OverviewCell& cell, const ValueRange& range, const Tokens& tokens) const {
    if (!measure_) return dtypeColour(model_->tensors()[static_cast<std::size_t>(cell.tensor)].dtype, tokens);
    const auto found = measure_->values.find(cell.tensor);
    if (found == measure_->values.end() || !std::isfinite(found->second)) return tokens.line;
    return mapColour(ColourMap::viridis, scalePosition(found->second, range, measure_->scale), tokens);
}

void ModelOverview::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    painter.setFont(smallFont());
    painter.setRenderHint(QPainter::Antialiasing, true);
    const auto cells = model_ ? overviewLayout(*model_, area) : std::vector<OverviewCell>();
    if (cells.empty()) {
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter, QStringLiteral("No blocks with linears in this model"));
        return;
    }
    const ValueRange range = measure_ ? measureRange(cells) : ValueRange();
    for (const OverviewCell& cell : cells) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colourOf(cell, range, tokens));
        painter.drawRoundedRect(cell.area, 2, 2);
        if (cell.block != selected_block_ || (selected_role_ && cell.role != *selected_role_)) continue;
        painter.setPen(QPen(tokens.text, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(cell.area.adjusted(-1, -1, 1, 1), 3, 3);
    }
    paintLabels(painter, area, cells);
    paintLegend(painter, area, cells);
}

void ModelOverview::paintLabels(QPainter& painter, const QRectF& area, const std::vector<OverviewCell>& cells) const {
    painter.setPen(tokensOf(this).muted);
    double previous_label = -100.0;
    for (const OverviewCell& cell : cells) {
        // Thin rows share the room: a label that would touch the one above is left to the tooltip.
        const double middle = cell.area.center().y();
        if (cell.block != cells.front().block || middle - previous_label < 14.0) continue;
        const auto name = linearShortName(cell.role);
        painter.drawText(QRectF(area.left(), middle - 8, kOverviewLabelWidth, 16), Qt::AlignLeft | Qt::AlignVCenter,
                         QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())));
        previous_label = middle;
    }
    const int last = cells.back().block;
    const double pitch = last > 0 ? (cells.back().area.left() - cells.front().area.left()) / last : 0.0;
    for (const int block : indexTicks(last, 10)) {
        const double x = cells.front().area.left() + block * pitch + cells.front().area.width() / 2;
        painter.drawText(QRectF(x - 20, cellsBottom(cells) + 2, 40, 16), Qt::AlignCenter, QString::number(block));
    }
}

void ModelOverview::paintLegend(QPainter& painter, const QRectF& area, const std::vector<OverviewCell>& cells) const {
    const Tokens& tokens = tokensOf(this);
    const double top = cellsBottom(cells) + 18;
    if (measure_) {
        const QString unit =
            measure_->unit + (measure_->unit.isEmpty() ? QString() : QStringLiteral(" · ")) + measure_->label;
        const ValueRange range = measureRange(cells);
        if (measure_->values.empty()) return;
        paintColourBar(painter, QRectF(area.left(), top, area.width() - 4, 20), range, measure_->scale,
                       ColourMap::viridis, unit, tokens);
        return;
    }
    std::map<QString, QColor> legend;
    for (const OverviewCell& cell : cells) {
        const DType type = model_->tensors()[static_cast<std::size_t>(cell.tensor)].dtype;
        legend[dtypeText(type)] = dtypeColour(type, tokens);
    }
    double x = cells.front().area.left();
    for (const auto& [name, colour] : legend) {
        painter.setBrush(colour);
        painter.setPen(Qt::NoPen);
        painter.drawRoundedRect(QRectF(x, top + 5, 10, 10), 2, 2);
        painter.setPen(tokens.muted);
        const double width = QFontMetricsF(painter.font()).horizontalAdvance(name);
        painter.drawText(QRectF(x + 15, top, width + 4, 20), Qt::AlignVCenter, name);
        x += width + 32;
    }
}

}  // namespace quantoscope
