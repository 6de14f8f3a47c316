#include "widgets/plots/plot_items.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/plots/plot_header.h"
#include "widgets/plots/plot_layout.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr std::size_t kMostSeparateBars = 60;

QVector<double> asVector(const std::vector<double>& values, ScaleKind scale) {
    QVector<double> result(values.begin(), values.end());
    if (scale != ScaleKind::logarithmic) return result;
    for (double& value : result)
        if (!(value > 0.0)) value = std::numeric_limits<double>::quiet_NaN();
    return result;
}

void styleAxis(QCPAxis& axis, const PlotAxis& described, const Tokens& tokens) {
    axis.setScaleType(described.scale == ScaleKind::logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    axis.setRangeReversed(described.reversed);
    axis.setBasePen(QPen(tokens.line, 1));
    axis.setTickPen(Qt::NoPen);
    axis.setSubTickPen(Qt::NoPen);
    axis.setTickLabelColor(tokens.muted);
    axis.setTickLabelFont(smallFont());
    axis.setLabelColor(tokens.muted);
    axis.setLabelFont(smallFont());
    axis.setTickLabelPadding(6);
    axis.grid()->setPen(QPen(mixed(tokens.line, tokens.panel, 0.8), 1));
    axis.grid()->setZeroLinePen(Qt::NoPen);
    axis.grid()->setSubGridVisible(false);
}

void addBand(QCustomPlot& plot, const PlotSeries& series, const QColor& colour, ScaleKind scale) {
    if (series.band_low.size() != series.x.size() || series.band_high.size() != series.x.size() || series.x.empty())
        return;
    QCPGraph* low = plot.addGraph();
    QCPGraph* high = plot.addGraph();
    const QVector<double> x(series.x.begin(), series.x.end());
    low->setData(x, asVector(series.band_low, scale));
    high->setData(x, asVector(series.band_high, scale));
    low->setPen(Qt::NoPen);
    high->setPen(Qt::NoPen);
    QColor fill = colour;
    fill.setAlpha(45);
    high->setBrush(fill);
    high->setChannelFillGraph(low);
}

QVector<double> drawnX(const PlotSeries& series) {
    QVector<double> x(series.x.begin(), series.x.end());
    for (double& value : x) value += series.draw_shift;
    return x;
}

/// Bars with caps, under the points. On a logarithmic axis a bar that reaches zero is left out.
void addErrorBars(QCustomPlot& plot, const PlotSeries& series, const QColor& colour, ScaleKind scale) {
    constexpr double kCapPixels = 7.0;
    const std::size_t count = series.x.size();
    if (series.band_low.size() != count || series.band_high.size() != count || series.y.size() != count) return;
    const auto low = asVector(series.band_low, scale);
    const auto high = asVector(series.band_high, scale);
    QVector<double> below;
    QVector<double> above;
    for (std::size_t i = 0; i < count; ++i) {
        const auto at = static_cast<qsizetype>(i);
        below << series.y[i] - low[at];
        above << high[at] - series.y[i];
    }
    QCPGraph* centres = plot.addGraph();
    centres->setData(drawnX(series), asVector(series.y, scale));
    centres->setPen(Qt::NoPen);
    auto* bars = new QCPErrorBars(plot.xAxis, plot.yAxis);
    bars->setDataPlottable(centres);
    bars->setData(below, above);
    bars->setWhiskerWidth(kCapPixels);
    bars->setSymbolGap(0.0);
    bars->setAntialiased(false);
    bars->setPen(QPen(colour, 1.25));
}

void addBars(QCustomPlot& plot, const PlotSeries& series, const QColor& colour, const PlotSpec& spec,
             const Tokens& tokens) {
    auto* bars = new QCPBars(plot.xAxis, plot.yAxis);
    // Gaps between many bars would be a pixel here and none there: narrow bars touch.
    const bool apart = series.x.size() <= kMostSeparateBars;
    bars->setWidth(series.bar_width * (apart ? 0.92 : 1.02));
    bars->setAntialiased(apart);
    // Empty bins are left out: a bar of "not a number" height is drawn as a dash at the top.
    for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i)
        if (std::isfinite(series.y[i])) bars->addData(series.x[i], series.y[i]);
    bars->setPen(Qt::NoPen);
    bars->setBrush(mixed(colour, tokens.panel, 0.55));  // opaque: where bars overlap by a hair nothing shows
    if (spec.y.scale == ScaleKind::logarithmic) bars->setBaseValue(axisRange(spec, Qt::Vertical).low);
}

void addLine(QCustomPlot& plot, const PlotSeries& series, const QColor& colour, const PlotSpec& spec) {
    QCPGraph* graph = plot.addGraph();
    graph->setData(drawnX(series), asVector(series.y, spec.y.scale));
    graph->setAntialiased(true);
    graph->setAntialiasedScatters(true);
    QPen pen(colour, 2.0, series.dashed ? Qt::DashLine : Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin);
    graph->setPen(series.shape == SeriesShape::points ? QPen(Qt::NoPen) : pen);
    if (series.shape == SeriesShape::points) graph->setLineStyle(QCPGraph::lsNone);
    if (series.shape == SeriesShape::area) {
        QColor fill = colour;
        fill.setAlpha(60);
        graph->setBrush(fill);
    }
    if (series.shape != SeriesShape::points && series.shape != SeriesShape::line_points) return;
    const QBrush inside = series.filled_points ? QBrush(colour) : QBrush(Qt::NoBrush);
    const double size = series.shape == SeriesShape::points ? 5.0 : 8.0;
    graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colour, 1.5), inside, size));
}

void addSeries(QCustomPlot& plot, const PlotSeries& series, const PlotSpec& spec, const Tokens& tokens) {
    const QColor colour = seriesColour(series, tokens);
    if (series.error_bars)
        addErrorBars(plot, series, colour, spec.y.scale);
    else
        addBand(plot, series, colour, spec.y.scale);
    if (series.shape == SeriesShape::bars) return addBars(plot, series, colour, spec, tokens);
    addLine(plot, series, colour, spec);
}

// A vertical line's label stands above the plot, a level's in the legend: neither is crossed by a curve.
void addLabel(QCustomPlot& plot, const PlotLine& line, const QColor& colour) {
    auto* label = new QCPItemText(&plot);
    label->setText(line.label);
    label->setFont(smallFont());
    label->setColor(colour);
    label->setClipToAxisRect(false);
    QCPItemPosition& place = *label->position;
    place.setTypeX(QCPItemPosition::ptPlotCoords);
    place.setTypeY(QCPItemPosition::ptAxisRectRatio);
    place.setCoords(line.value, 0.0);
    label->setPositionAlignment(Qt::AlignHCenter | Qt::AlignBottom);
    label->setPadding(QMargins(2, 1, 2, 1));
}

void addStraightLine(QCustomPlot& plot, const PlotLine& line, const Tokens& tokens) {
    const QPen pen = levelPen(line, tokens);
    auto* item = new QCPItemStraightLine(&plot);
    const bool vertical = line.orientation == Qt::Vertical;
    for (QCPItemPosition* point : {item->point1, item->point2}) {
        point->setTypeX(vertical ? QCPItemPosition::ptPlotCoords : QCPItemPosition::ptAxisRectRatio);
        point->setTypeY(vertical ? QCPItemPosition::ptAxisRectRatio : QCPItemPosition::ptPlotCoords);
    }
    item->point1->setCoords(vertical ? line.value : 0.0, vertical ? 0.0 : line.value);
    item->point2->setCoords(vertical ? line.value : 1.0, vertical ? 1.0 : line.value);
    item->setPen(pen);
    if (vertical && !line.label.isEmpty()) addLabel(plot, line, pen.color());
}

}  // namespace

void setTicks(QCPAxis& axis, const PlotAxis& described, int wanted) {
    const ValueRange range{axis.range().lower, axis.range().upper};
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (const auto& [value, text] : axisTicks(described, range, wanted)) ticker->addTick(value, text);
    axis.setTicker(ticker);
}

QCPItemStraightLine* addVerticalLine(QCustomPlot& plot, const QPen& pen) {
    auto* line = new QCPItemStraightLine(&plot);
    for (QCPItemPosition* point : {line->point1, line->point2}) point->setTypeY(QCPItemPosition::ptAxisRectRatio);
    line->setPen(pen);
    line->setLayer(QStringLiteral("overlay"));
    line->setVisible(false);
    return line;
}

void placeLine(QCPItemStraightLine& line, std::optional<double> x) {
    line.setVisible(x.has_value());
    if (!x) return;
    line.point1->setCoords(*x, 0.0);
    line.point2->setCoords(*x, 1.0);
}

void fillPlot(QCustomPlot& plot, const PlotSpec& spec, const Tokens& tokens) {
    plot.clearPlottables();
    plot.clearItems();
    plot.setBackground(QBrush(tokens.panel));
    styleAxis(*plot.xAxis, spec.x, tokens);
    styleAxis(*plot.yAxis, spec.y, tokens);
    plot.xAxis->grid()->setVisible(false);
    plot.yAxis->setBasePen(Qt::NoPen);
    plot.xAxis->setLabel(axisTitle(spec.x));
    for (const PlotSeries& series : spec.series) addSeries(plot, series, spec, tokens);
    bool labels_on_top = false;
    for (const PlotLine& line : spec.lines) {
        addStraightLine(plot, line, tokens);
        labels_on_top = labels_on_top || (line.orientation == Qt::Vertical && !line.label.isEmpty());
    }
    plot.axisRect()->setMinimumMargins(QMargins(24, labels_on_top ? 18 : 6, 18, 4));
    const ValueRange x = axisRange(spec, Qt::Horizontal);
    const ValueRange y = axisRange(spec, Qt::Vertical);
    plot.xAxis->setRange(x.low, x.high);
    plot.yAxis->setRange(y.low, y.high);
}

}  // namespace quantoscope
