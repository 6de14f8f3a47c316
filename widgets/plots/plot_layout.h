// Ranges, ticks and read-outs of a PlotSpec: everything about a chart that can be computed without drawing it.
#pragma once

#include <QString>
#include <optional>
#include <utility>
#include <vector>

#include "widgets/export_view/exportable_view.h"
#include "widgets/plots/plot_spec.h"

namespace quantoscope {

using Ticks = std::vector<std::pair<double, QString>>;

/// What the axis shows when nothing is zoomed: fixed ends where the axis has them, else the data with a little air.
ValueRange axisRange(const PlotSpec& spec, Qt::Orientation orientation);
/// Labelled ticks for `range`; `wanted` is about how many fit.
Ticks axisTicks(const PlotAxis& axis, const ValueRange& range, int wanted);
QString axisTitle(const PlotAxis& axis);  ///< "SQNR, dB"
/// Index of the point whose x is closest, or nothing for an empty series.
std::optional<std::size_t> nearestIndex(const PlotSeries& series, double x);
/// Rich text with the x and every series' value there; empty when there is nothing.
QString readOut(const PlotSpec& spec, double x);
/// x of the closest point of any series.
std::optional<double> nearestX(const PlotSpec& spec, double x);
bool hasPoints(const PlotSpec& spec);
/// Every point of every series as a row, then the lines.
ViewTable plotTable(const PlotSpec& spec);
QString seriesLabel(const PlotSeries& series);

}  // namespace quantoscope
