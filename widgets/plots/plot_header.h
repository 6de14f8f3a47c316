// The strip above a plot: the y axis' title at the left, the legend at the right: series and
// labelled levels.
#pragma once

#include <QPen>
#include <QRectF>

#include "widgets/plots/plot_spec.h"
#include "widgets/theme/tokens.h"

class QPainter;

namespace quantoscope {

/// Height that title and legend need in `width`: legend lines wrap.
double plotHeaderHeight(const PlotSpec& spec, double width);
void paintPlotHeader(QPainter& painter, const QRectF& area, const PlotSpec& spec, const Tokens& tokens);
/// Of a straight line across the plot, in the plot and in the legend.
QPen levelPen(const PlotLine& line, const Tokens& tokens);
QColor seriesColour(const PlotSeries& series, const Tokens& tokens);

}  // namespace quantoscope
