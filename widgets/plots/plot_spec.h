// A chart as a value: what to draw, without a window. Made by pure functions, drawn by PlotCanvas.
#pragma once

#include <QColor>
#include <QString>
#include <optional>
#include <utility>
#include <vector>

#include "widgets/theme/colour_map.h"

namespace quantoscope {

struct PlotAxis {
    QString label;
    QString unit;
    ScaleKind scale = ScaleKind::linear;
    std::optional<double> minimum;
    std::optional<double> maximum;
    std::vector<std::pair<double, QString>> named_ticks;  ///< instead of numbers
    bool reversed = false;
    bool whole_numbers = false;
};

enum class SeriesShape { line, line_points, points, bars, area };

struct PlotSeries {
    QString id;                      ///< comes back in signals, e.g. the run's id
    std::vector<QString> point_ids;  ///< optional, one per point: what a click hands out instead of id
    QString name;                    ///< in the legend and the read-out
    QColor colour;                   ///< invalid: accent
    SeriesShape shape = SeriesShape::line;
    std::vector<double> x;
    std::vector<double> y;         ///< not a number: a gap
    std::vector<double> band_low;  ///< optional band around the line (noise floor, interval)
    std::vector<double> band_high;
    double bar_width = 0.0;  ///< in x units, for bars
    bool dashed = false;
    bool filled_points = true;
    bool error_bars = false;  ///< the band as a bar at each point
    double draw_shift = 0.0;  ///< x units: points at one x stand beside each other; read-outs stay at x
};

/// A straight line across the plot: grid level, ghost value, marked block.
struct PlotLine {
    Qt::Orientation orientation = Qt::Vertical;
    double value = 0.0;
    QString label;
    QColor colour;  ///< invalid: muted
};

struct PlotSpec {
    QString title;  ///< for export and accessibility
    PlotAxis x;
    PlotAxis y;
    std::vector<PlotSeries> series;
    std::vector<PlotLine> lines;
    QString empty_text = QStringLiteral("Nothing to show yet");  ///< instead of empty axes
    bool crosshair_at_x = true;  ///< read-out lists all series at the x under the mouse; else the nearest point only
};

}  // namespace quantoscope
