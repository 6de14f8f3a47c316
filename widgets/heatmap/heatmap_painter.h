// Geometry and drawing of the block x linear map, apart from the widget.
#pragma once

#include <QFont>
#include <QRectF>
#include <optional>

#include "widgets/heatmap/heatmap_data.h"
#include "widgets/theme/tokens.h"

class QPainter;

namespace quantoscope {

/// Where cells, labels and the colour bar are inside an area. Cell edges are whole pixels, so that 80 columns stay
/// even.
struct HeatmapGeometry {
    QRectF cells;
    QRectF block_labels;
    QRectF colour_bar;
    int blocks = 0;
    double gap = 2.0;

    QRectF cellRect(HeatmapCell cell) const;
    std::optional<HeatmapCell> cellAt(QPointF position) const;
};
HeatmapGeometry heatmapGeometry(const QRectF& area, int blocks);

struct HeatmapPicture {
    const HeatmapData& data;
    ValueRange range;
    ScaleKind scale = ScaleKind::linear;
    ColourMap map = ColourMap::viridis;
    QString unit;
    std::optional<HeatmapCell> selected;
    std::optional<HeatmapCell> hovered;
    bool focused = false;
};
void paintHeatmap(QPainter& painter, const QRectF& area, const HeatmapPicture& picture, const Tokens& tokens);

/// Names of the linears at the left and numbers of the blocks below.
void paintMapLabels(QPainter& painter, const HeatmapGeometry& geometry, const Tokens& tokens);
void paintCellOutline(QPainter& painter, const QRectF& cell, const QColor& colour, const QColor& halo);

/// A horizontal colour bar with its ends written, at the right of `area`; answers where it begins. Shared by the maps.
double paintColourBar(QPainter& painter, const QRectF& area, const ValueRange& range, ScaleKind scale, ColourMap map,
                      const QString& unit, const Tokens& tokens);

}  // namespace quantoscope
