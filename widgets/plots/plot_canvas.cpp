#include "widgets/plots/plot_canvas.h"

#include <qcustomplot.h>

#include <QMouseEvent>
#include <QPainter>
#include <QPicture>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/plots/plot_header.h"
#include "widgets/plots/plot_layout.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kClickReach = 12.0;  // pixels
constexpr int kPixelsPerXTick = 75;
constexpr int kPixelsPerYTick = 38;

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

void addBars(QCustomPlot& plot, const PlotSeries& series, const QColor& colour, const PlotSpec& spec) {
    auto* bars = new QCPBars(plot.xAxis, plot.yAxis);
    bars->setWidth(series.bar_width * 0.92);
    // Empty bins are left out: a bar of "not a number" height is drawn as a dash at the top.
    for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i)
        if (std::isfinite(series.y[i])) bars->addData(series.x[i], series.y[i]);
    bars->setPen(Qt::NoPen);
    QColor fill = colour;
    fill.setAlphaF(0.55F);
    bars->setBrush(fill);
    bars->setAntialiased(false);
    if (spec.y.scale == ScaleKind::logarithmic) bars->setBaseValue(axisRange(spec, Qt::Vertical).low);
}

void addLine(QCustomPlot& plot, const PlotSeries& series, const QColor& colour, const PlotSpec& spec) {
    QCPGraph* graph = plot.addGraph();
    graph->setData(QVector<double>(series.x.begin(), series.x.end()), asVector(series.y, spec.y.scale));
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
    addBand(plot, series, colour, spec.y.scale);
    if (series.shape == SeriesShape::bars) return addBars(plot, series, colour, spec);
    addLine(plot, series, colour, spec);
}

void addLabel(QCustomPlot& plot, const PlotLine& line, const QColor& colour) {
    auto* label = new QCPItemText(&plot);
    const bool vertical = line.orientation == Qt::Vertical;
    label->setText(line.label);
    label->setFont(smallFont());
    label->setColor(colour);
    label->setClipToAxisRect(false);
    QCPItemPosition& place = *label->position;
    place.setTypeX(vertical ? QCPItemPosition::ptPlotCoords : QCPItemPosition::ptAxisRectRatio);
    place.setTypeY(vertical ? QCPItemPosition::ptAxisRectRatio : QCPItemPosition::ptPlotCoords);
    place.setCoords(vertical ? line.value : 1.0, vertical ? 0.0 : line.value);
    label->setPositionAlignment(vertical ? Qt::AlignHCenter | Qt::AlignBottom : Qt::AlignRight | Qt::AlignBottom);
    label->setPadding(QMargins(2, 1, 2, vertical ? 1 : 2));
}

void addStraightLine(QCustomPlot& plot, const PlotLine& line, const Tokens& tokens) {
    const QColor colour = line.colour.isValid() ? line.colour : tokens.muted;
    auto* item = new QCPItemStraightLine(&plot);
    const bool vertical = line.orientation == Qt::Vertical;
    for (QCPItemPosition* point : {item->point1, item->point2}) {
        point->setTypeX(vertical ? QCPItemPosition::ptPlotCoords : QCPItemPosition::ptAxisRectRatio);
        point->setTypeY(vertical ? QCPItemPosition::ptAxisRectRatio : QCPItemPosition::ptPlotCoords);
    }
    item->point1->setCoords(vertical ? line.value : 0.0, vertical ? 0.0 : line.value);
    item->point2->setCoords(vertical ? line.value : 1.0, vertical ? 1.0 : line.value);
    QPen pen(colour, 1.0, Qt::CustomDashLine);
    pen.setDashPattern({3, 3});
    item->setPen(pen);
    if (!line.label.isEmpty()) addLabel(plot, line, colour);
}

void setTicks(QCPAxis& axis, const PlotAxis& described, int wanted) {
    const ValueRange range{axis.range().lower, axis.range().upper};
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (const auto& [value, text] : axisTicks(described, range, wanted)) ticker->addTick(value, text);
    axis.setTicker(ticker);
}

}  // namespace

struct PlotCanvas::Parts {
    PlotCanvas* canvas = nullptr;
    QCustomPlot* plot = nullptr;
    QCPItemStraightLine* hair = nullptr;
    QCPItemStraightLine* marked = nullptr;
    QVBoxLayout* layout = nullptr;
    PlotSpec spec;
    std::optional<double> mark;
    QPointF press;

    void rebuild();
    void updateTicks();
    void updateHeader();
    QCPItemStraightLine* verticalLine(const QPen& pen);
    static void place(QCPItemStraightLine* line, std::optional<double> x);
    void keepInside(const QCPRange& range);
    void hover(const QMouseEvent& event);
    void click(const QMouseEvent& event);
};

QCPItemStraightLine* PlotCanvas::Parts::verticalLine(const QPen& pen) {
    auto* line = new QCPItemStraightLine(plot);
    for (QCPItemPosition* point : {line->point1, line->point2}) point->setTypeY(QCPItemPosition::ptAxisRectRatio);
    line->setPen(pen);
    line->setLayer(QStringLiteral("overlay"));
    line->setVisible(false);
    return line;
}

void PlotCanvas::Parts::place(QCPItemStraightLine* line, std::optional<double> x) {
    line->setVisible(x.has_value());
    if (!x) return;
    line->point1->setCoords(*x, 0.0);
    line->point2->setCoords(*x, 1.0);
}

void PlotCanvas::Parts::rebuild() {
    const Tokens& tokens = tokensOf(canvas);
    plot->clearPlottables();
    plot->clearItems();
    plot->setBackground(QBrush(tokens.panel));
    styleAxis(*plot->xAxis, spec.x, tokens);
    styleAxis(*plot->yAxis, spec.y, tokens);
    plot->xAxis->grid()->setVisible(false);
    plot->yAxis->setBasePen(Qt::NoPen);
    plot->xAxis->setLabel(axisTitle(spec.x));
    for (const PlotSeries& series : spec.series) addSeries(*plot, series, spec, tokens);
    bool labels_on_top = false;
    for (const PlotLine& line : spec.lines) {
        addStraightLine(*plot, line, tokens);
        labels_on_top = labels_on_top || (line.orientation == Qt::Vertical && !line.label.isEmpty());
    }
    plot->axisRect()->setMinimumMargins(QMargins(24, labels_on_top ? 18 : 6, 18, 4));
    hair = verticalLine(QPen(tokens.faint, 1));
    marked = verticalLine(QPen(tokens.accent, 1));
    place(marked, mark);
    const ValueRange x = axisRange(spec, Qt::Horizontal);
    const ValueRange y = axisRange(spec, Qt::Vertical);
    plot->xAxis->setRange(x.low, x.high);
    plot->yAxis->setRange(y.low, y.high);
    plot->setVisible(hasPoints(spec));
    updateHeader();
    updateTicks();
    plot->replot(QCustomPlot::rpQueuedReplot);
    canvas->update();
}

void PlotCanvas::Parts::updateHeader() {
    layout->setContentsMargins(0, static_cast<int>(plotHeaderHeight(spec, canvas->width())), 0, 0);
}

void PlotCanvas::Parts::updateTicks() {
    setTicks(*plot->xAxis, spec.x, std::max(2, canvas->width() / kPixelsPerXTick));
    setTicks(*plot->yAxis, spec.y, std::max(2, canvas->height() / kPixelsPerYTick));
}

// Zooming out and panning stop at the data.
void PlotCanvas::Parts::keepInside(const QCPRange& range) {
    const ValueRange full = axisRange(spec, Qt::Horizontal);
    const QCPRange bounded = range.bounded(full.low, full.high);
    if (bounded.lower != range.lower || bounded.upper != range.upper) plot->xAxis->setRange(bounded);
    updateTicks();
}

void PlotCanvas::Parts::hover(const QMouseEvent& event) {
    const QPointF at = event.position();
    const bool inside = plot->axisRect()->rect().contains(at.toPoint());
    const double x = plot->xAxis->pixelToCoord(at.x());
    const QString text = inside ? readOut(spec, x) : QString();
    place(hair, text.isEmpty() ? std::nullopt : nearestX(spec, x));
    plot->layer(QStringLiteral("overlay"))->replot();
    if (text.isEmpty()) return QToolTip::hideText();
    QToolTip::showText(event.globalPosition().toPoint() + QPoint(8, 4), text, plot);
}

void PlotCanvas::Parts::click(const QMouseEvent& event) {
    const QPointF at = event.position();
    if (event.button() != Qt::LeftButton || (at - press).manhattanLength() > 4) return;
    double best = kClickReach;
    const PlotSeries* hit = nullptr;
    std::size_t point = 0;
    for (const PlotSeries& series : spec.series) {
        for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i) {
            const double dx = plot->xAxis->coordToPixel(series.x[i]) - at.x();
            const double dy = plot->yAxis->coordToPixel(series.y[i]) - at.y();
            if (!(std::hypot(dx, dy) < best)) continue;
            best = std::hypot(dx, dy);
            hit = &series;
            point = i;
        }
    }
    const bool own_id = hit != nullptr && point < hit->point_ids.size();
    if (hit != nullptr) emit canvas->pointClicked(own_id ? hit->point_ids[point] : hit->id, static_cast<int>(point));
    if (plot->axisRect()->rect().contains(at.toPoint()))
        emit canvas->positionClicked(plot->xAxis->pixelToCoord(at.x()));
}

PlotCanvas::PlotCanvas(QWidget* parent) : QWidget(parent), parts_(std::make_unique<Parts>()) {
    setObjectName(QStringLiteral("plot"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    parts_->canvas = this;
    parts_->layout = new QVBoxLayout(this);
    parts_->plot = new QCustomPlot(this);
    QCustomPlot* plot = parts_->plot;
    parts_->layout->addWidget(plot);
    plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    plot->axisRect()->setRangeDrag(Qt::Horizontal);
    plot->axisRect()->setRangeZoom(Qt::Horizontal);
    plot->layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);
    connect(plot->xAxis, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), this,
            [this](const QCPRange& range) { parts_->keepInside(range); });
    connect(plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { parts_->hover(*event); });
    connect(plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) { parts_->press = event->position(); });
    connect(plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) { parts_->click(*event); });
    connect(plot, &QCustomPlot::mouseDoubleClick, this, [this] { parts_->rebuild(); });
    parts_->rebuild();
}

PlotCanvas::~PlotCanvas() = default;

void PlotCanvas::setSpec(const PlotSpec& spec) {
    parts_->spec = spec;
    setAccessibleName(viewTitle());
    parts_->rebuild();
}

const PlotSpec& PlotCanvas::spec() const {
    return parts_->spec;
}

void PlotCanvas::setMark(std::optional<double> x) {
    parts_->mark = x;
    Parts::place(parts_->marked, x);
    parts_->plot->layer(QStringLiteral("overlay"))->replot();
}

void PlotCanvas::paintView(QPainter& painter, const QRectF& area) const {
    const double header = plotHeaderHeight(parts_->spec, area.width());
    paintPlotHeader(painter, {area.topLeft(), QSizeF(area.width(), header)}, parts_->spec, tokensOf(this));
    // QCustomPlot draws with its own painter only: recorded, then played into the one at hand.
    QPicture picture;
    QCPPainter recorder(&picture);
    recorder.setMode(QCPPainter::pmVectorized);
    parts_->plot->toPainter(&recorder, static_cast<int>(area.width()), static_cast<int>(area.height() - header));
    recorder.end();
    painter.drawPicture(area.topLeft() + QPointF(0, header), picture);
}

ViewTable PlotCanvas::viewTable() const {
    const PlotSpec& spec = parts_->spec;
    ViewTable table;
    table.header << QStringLiteral("series") << axisTitle(spec.x) << axisTitle(spec.y);
    for (const PlotSeries& series : spec.series)
        for (std::size_t i = 0; i < std::min(series.x.size(), series.y.size()); ++i)
            table.rows.push_back({series.name, exactText(series.x[i]), exactText(series.y[i])});
    for (const PlotLine& line : spec.lines) {
        const bool vertical = line.orientation == Qt::Vertical;
        const QString value = exactText(line.value);
        table.rows.push_back(
            {QStringLiteral("line ") + line.label, vertical ? value : QString(), vertical ? QString() : value});
    }
    return table;
}

QString PlotCanvas::viewTitle() const {
    return parts_->spec.title;
}
QSizeF PlotCanvas::viewSize() const {
    return size().isEmpty() ? sizeHint() : size();
}
QSize PlotCanvas::sizeHint() const {
    return {420, 220};
}
QSize PlotCanvas::minimumSizeHint() const {
    return {180, 120};
}

void PlotCanvas::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Tokens& tokens = tokensOf(this);
    if (!hasPoints(parts_->spec)) {
        painter.setFont(smallFont());
        painter.setPen(tokens.muted);
        painter.drawText(rect(), Qt::AlignCenter, parts_->spec.empty_text);
        return;
    }
    paintPlotHeader(painter, QRectF(0, 0, width(), plotHeaderHeight(parts_->spec, width())), parts_->spec, tokens);
}

void PlotCanvas::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) parts_->rebuild();
}

void PlotCanvas::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    parts_->updateHeader();
    parts_->updateTicks();
}

}  // namespace quantoscope
