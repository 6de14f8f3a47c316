#include "widgets/plots/plot_canvas.h"

#include <QMouseEvent>
#include <QPainter>
#include <QPicture>
#include <QTimer>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "widgets/plots/plot_header.h"
#include "widgets/plots/plot_items.h"
#include "widgets/plots/plot_layout.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kClickReach = 12.0;  // pixels
constexpr int kPixelsPerXTick = 75;
constexpr int kPixelsPerYTick = 38;

/// Draws later, not inside whatever made it another size: a window with six plots lays out in no time.
class LazyPlot : public QCustomPlot {
public:
    explicit LazyPlot(QWidget* parent) : QCustomPlot(parent) { setPlottingHint(QCP::phImmediateRefresh, false); }

protected:
    void resizeEvent(QResizeEvent* /*event*/) override {
        setViewport(rect());
        replot(rpQueuedReplot);
    }
};

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
    QTimer rebuild_soon;  ///< one event a plot, however many are given new contents at once

    void rebuild();
    void rebuildIfDue();
    void updateTicks();
    void updateHeader();
    void replotOverlay();
    void keepInside(const QCPRange& range);
    void hover(const QMouseEvent& event);
    void click(const QMouseEvent& event);
};

void PlotCanvas::Parts::rebuildIfDue() {
    if (rebuild_soon.isActive()) rebuild();
}

void PlotCanvas::Parts::rebuild() {
    rebuild_soon.stop();
    const Tokens& tokens = tokensOf(canvas);
    fillPlot(*plot, spec, tokens);
    hair = addVerticalLine(*plot, QPen(tokens.faint, 1));
    marked = addVerticalLine(*plot, QPen(tokens.accent, 1));
    placeLine(*marked, mark);
    plot->setVisible(hasPoints(spec));
    updateHeader();
    updateTicks();
    plot->replot(QCustomPlot::rpQueuedReplot);
    canvas->update();
}

void PlotCanvas::Parts::replotOverlay() {
    if (plot->isVisible()) plot->layer(QStringLiteral("overlay"))->replot();
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
    placeLine(*hair, text.isEmpty() ? std::nullopt : nearestX(spec, x));
    replotOverlay();
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
            const double dx = plot->xAxis->coordToPixel(series.x[i] + series.draw_shift) - at.x();
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

PlotCanvas::PlotCanvas(QWidget* parent)
    : ViewWidget(QStringLiteral("plot"), {{420, 220}, {180, 120}}, parent), parts_(std::make_unique<Parts>()) {
    parts_->canvas = this;
    parts_->layout = new QVBoxLayout(this);
    parts_->plot = new LazyPlot(this);
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
    parts_->rebuild_soon.setSingleShot(true);
    connect(&parts_->rebuild_soon, &QTimer::timeout, this, [this] { parts_->rebuild(); });
    parts_->rebuild();
}

PlotCanvas::~PlotCanvas() = default;

void PlotCanvas::setSpec(const PlotSpec& spec) {
    parts_->spec = spec;
    setAccessibleName(viewTitle());
    parts_->rebuild_soon.start(0);
}

const PlotSpec& PlotCanvas::spec() const {
    return parts_->spec;
}

void PlotCanvas::setMark(std::optional<double> x) {
    parts_->mark = x;
    if (parts_->rebuild_soon.isActive()) return;
    placeLine(*parts_->marked, x);
    parts_->replotOverlay();
}

void PlotCanvas::paintView(QPainter& painter, const QRectF& area) const {
    parts_->rebuildIfDue();
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
    return plotTable(parts_->spec);
}

QString PlotCanvas::viewTitle() const {
    return parts_->spec.title;
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
    ViewWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) parts_->rebuild_soon.start(0);
}

void PlotCanvas::resizeEvent(QResizeEvent* event) {
    ViewWidget::resizeEvent(event);
    parts_->updateHeader();
    parts_->updateTicks();
}

}  // namespace quantoscope
