#include "widgets/heatmap/heatmap_painter.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kLabelWidth = 40.0;
constexpr double kLabelHeight = 17.0;
constexpr double kBarHeight = 18.0;
constexpr double kWidestCell = 220.0;

double edge(double start, double length, int index, int count) {
    return std::floor(start + length * index / std::max(count, 1));
}

QString rowLabel(int row) {
    const auto name = linearShortName(kLinearRoles[static_cast<std::size_t>(row)]);
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

// Drawn line by line and clipped by arithmetic: the SVG writer knows no clip paths.
void paintHatch(QPainter& painter, const QRectF& cell) {
    constexpr double kStep = 5.0;
    const double first = std::ceil((cell.left() + cell.top()) / kStep) * kStep;
    for (double sum = first; sum < cell.right() + cell.bottom(); sum += kStep) {
        const double x0 = std::max(cell.left(), sum - cell.bottom());
        const double x1 = std::min(cell.right(), sum - cell.top());
        if (x1 > x0) painter.drawLine(QPointF(x0, sum - x0), QPointF(x1, sum - x1));
    }
}

void paintCells(QPainter& painter, const HeatmapGeometry& geometry, const HeatmapPicture& picture,
                const Tokens& tokens) {
    const double radius = geometry.gap >= 2.0 ? 2.0 : 0.0;
    const QPen hatch(mixed(tokens.faint, tokens.panel, 0.45), 1.0);
    for (int row = 0; row < HeatmapData::kRows; ++row) {
        for (int block = 0; block < geometry.blocks; ++block) {
            const QRectF cell = geometry.cellRect({block, row});
            const auto value = picture.data.at({block, row});
            painter.setPen(Qt::NoPen);
            painter.setBrush(value ? mapColour(picture.map, scalePosition(*value, picture.range, picture.scale), tokens)
                                   : tokens.raised);
            if (value && !std::isfinite(*value)) painter.setBrush(tokens.bad);
            painter.drawRoundedRect(cell, radius, radius);
            if (value) continue;
            painter.setPen(hatch);
            paintHatch(painter, cell);
        }
    }
}

}  // namespace

QRectF HeatmapGeometry::cellRect(HeatmapCell cell) const {
    const double left = edge(cells.left(), cells.width(), cell.block, blocks);
    const double right = edge(cells.left(), cells.width(), cell.block + 1, blocks);
    const double top = edge(cells.top(), cells.height(), cell.row, HeatmapData::kRows);
    const double bottom = edge(cells.top(), cells.height(), cell.row + 1, HeatmapData::kRows);
    return {left, top, std::max(right - left - gap, 1.0), std::max(bottom - top - gap, 1.0)};
}

std::optional<HeatmapCell> HeatmapGeometry::cellAt(QPointF position) const {
    if (blocks < 1 || !cells.contains(position)) return std::nullopt;
    const int block = static_cast<int>((position.x() - cells.left()) / cells.width() * blocks);
    const int row = static_cast<int>((position.y() - cells.top()) / cells.height() * HeatmapData::kRows);
    return HeatmapCell{std::clamp(block, 0, blocks - 1), std::clamp(row, 0, HeatmapData::kRows - 1)};
}

HeatmapGeometry heatmapGeometry(const QRectF& area, int blocks) {
    HeatmapGeometry geometry;
    geometry.blocks = blocks;
    geometry.cells = area.adjusted(kLabelWidth, 2, -4, -(kLabelHeight + kBarHeight));
    geometry.cells.setHeight(std::max(geometry.cells.height(), 7.0));
    // A handful of blocks fills the width; only one or two must not become barn doors.
    geometry.cells.setWidth(std::clamp(geometry.cells.width(), 1.0, std::max(blocks, 1) * kWidestCell));
    geometry.block_labels =
        QRectF(geometry.cells.left(), geometry.cells.bottom(), geometry.cells.width(), kLabelHeight);
    geometry.colour_bar = QRectF(geometry.cells.left(), geometry.block_labels.bottom() + 2,
                                 area.right() - 4 - geometry.cells.left(), kBarHeight - 2);
    const double pitch = geometry.cells.width() / std::max(blocks, 1);
    geometry.gap = pitch >= 9.0 ? 2.0 : pitch >= 4.0 ? 1.0 : 0.0;
    return geometry;
}

double paintColourBar(QPainter& painter, const QRectF& area, const ValueRange& range, ScaleKind scale, ColourMap map,
                      const QString& unit, const Tokens& tokens) {
    const QString low = valueText(range.low);
    QString high = valueText(range.high, unit);
    if (scale == ScaleKind::logarithmic && range.low > 0.0) high += QStringLiteral(" · log");
    const QFontMetricsF metrics(painter.font());
    const double bar_width = std::min(140.0, area.width() * 0.28);
    double x = area.right() - bar_width - metrics.horizontalAdvance(low) - metrics.horizontalAdvance(high) - 12;
    const double start = x;
    painter.setPen(tokens.muted);
    painter.drawText(QPointF(x, area.center().y() + metrics.capHeight() / 2), low);
    x += metrics.horizontalAdvance(low) + 6;
    const int steps = static_cast<int>(bar_width / 2);
    painter.setPen(Qt::NoPen);
    const bool smooth = painter.testRenderHint(QPainter::Antialiasing);
    painter.setRenderHint(QPainter::Antialiasing, false);  // else the steps have seams
    for (int i = 0; i < steps; ++i) {
        painter.setBrush(mapColour(map, (i + 0.5) / steps, tokens));
        painter.drawRect(QRectF(x + i * 2, std::floor(area.center().y() - 3), 2, 7));
    }
    painter.setRenderHint(QPainter::Antialiasing, smooth);
    x += steps * 2 + 6;
    painter.setPen(tokens.muted);
    painter.drawText(QPointF(x, area.center().y() + metrics.capHeight() / 2), high);
    return start;
}

void paintMapLabels(QPainter& painter, const HeatmapGeometry& geometry, const Tokens& tokens) {
    painter.setPen(tokens.muted);
    for (int row = 0; row < HeatmapData::kRows; ++row) {
        const QRectF cell = geometry.cellRect({0, row});
        painter.drawText(QRectF(cell.left() - kLabelWidth, cell.center().y() - 10, kLabelWidth - 4, 20),
                         Qt::AlignLeft | Qt::AlignVCenter, rowLabel(row));
    }
    const int wanted = static_cast<int>(std::clamp(geometry.cells.width() / 60.0, 1.0, 10.0));
    for (const int block : indexTicks(geometry.blocks - 1, wanted)) {
        const double centre = geometry.cellRect({block, 0}).center().x();
        painter.drawText(QRectF(centre - 20, geometry.block_labels.top(), 40, kLabelHeight),
                         Qt::AlignHCenter | Qt::AlignVCenter, QString::number(block));
    }
}

void paintCellOutline(QPainter& painter, const QRectF& cell, const QColor& colour, const QColor& halo) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(halo, 4.0));
    painter.drawRoundedRect(cell.adjusted(-1, -1, 1, 1), 3, 3);
    painter.setPen(QPen(colour, 2.0));
    painter.drawRoundedRect(cell.adjusted(-1, -1, 1, 1), 3, 3);
}

void paintHeatmap(QPainter& painter, const QRectF& area, const HeatmapPicture& picture, const Tokens& tokens) {
    const HeatmapGeometry geometry = heatmapGeometry(area, picture.data.blocks);
    painter.setFont(smallFont());
    if (geometry.blocks == 0) {
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter, QStringLiteral("No block has finished yet"));
        return;
    }
    painter.setRenderHint(QPainter::Antialiasing, true);
    paintCells(painter, geometry, picture, tokens);
    paintMapLabels(painter, geometry, tokens);
    paintColourBar(painter, geometry.colour_bar, picture.range, picture.scale, picture.map, picture.unit, tokens);
    if (picture.hovered && picture.hovered != picture.selected)
        paintCellOutline(painter, geometry.cellRect(*picture.hovered), tokens.muted, Qt::transparent);
    if (picture.selected && picture.data.contains(*picture.selected))
        paintCellOutline(painter, geometry.cellRect(*picture.selected), tokens.text,
                         picture.focused ? tokens.accent : tokens.panel);
}

}  // namespace quantoscope
