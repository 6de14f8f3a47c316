// A PlotSpec's axes, series and lines as items of a QCustomPlot. The only door to that library: no header outside this
// folder includes this one.
#pragma once

#include <qcustomplot.h>

#include <optional>

#include "widgets/plots/plot_spec.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {

/// Empties the plot and fills it from the spec, at the range that shows everything. Ticks are set apart.
void fillPlot(QCustomPlot& plot, const PlotSpec& spec, const Tokens& tokens);
/// About `wanted` labelled ticks for the range the axis shows now.
void setTicks(QCPAxis& axis, const PlotAxis& described, int wanted);
/// Hidden until placed; on the overlay layer, so that moving it redraws nothing else.
QCPItemStraightLine* addVerticalLine(QCustomPlot& plot, const QPen& pen);
void placeLine(QCPItemStraightLine& line, std::optional<double> x);

}  // namespace quantoscope
