#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/range_control/range_control.h"

namespace quantoscope {
namespace {

constexpr int kBins = 44;
constexpr double kMargin = 5.0;

ValueRange extentOf(const std::vector<double>& values, ScaleKind scale) {
    ValueRange extent{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const double value : values) {
        if (!std::isfinite(value) || (scale == ScaleKind::logarithmic && value <= 0.0)) continue;
        extent.low = std::min(extent.low, value);
        extent.high = std::max(extent.high, value);
    }
    return extent.low <= extent.high ? extent : ValueRange{};
}

}  // namespace

RangeStrip::RangeStrip(QWidget* parent) : PaintedWidget(QStringLiteral("rangeStrip"), {{150, 26}, {80, 24}}, parent) {
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::SizeHorCursor);
    setAccessibleName(QStringLiteral("Colour range"));
    setToolTip(
        QStringLiteral("Drag the handles to set which values the colours span.\n"
                       "Double click fits 0.5 to 99.5 % of the values."));
}

void RangeStrip::setValues(const std::vector<double>& values, ScaleKind scale) {
    scale_ = scale;
    extent_ = extentOf(values, scale);
    counts_ = histogramCounts(values, extent_, scale, kBins);
    update();
}

void RangeStrip::setColourMap(ColourMap map) {
    map_ = map;
    update();
}

void RangeStrip::setRange(const ValueRange& range) {
    range_ = range;
    update();
}

double RangeStrip::xOf(double value) const {
    return kMargin + scalePosition(value, extent_, scale_) * (width() - 2 * kMargin);
}

double RangeStrip::valueAt(double x) const {
    const double position = std::clamp((x - kMargin) / std::max(width() - 2 * kMargin, 1.0), 0.0, 1.0);
    return scaleValue(position, extent_, scale_);
}

void RangeStrip::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const Tokens& tokens = tokensOf(this);
    const double base = height() - 3.0;
    const double room = height() - 7.0;
    const int largest = counts_.empty() ? 1 : std::max(1, *std::max_element(counts_.begin(), counts_.end()));
    const double pitch = (width() - 2 * kMargin) / kBins;
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        const double position = (static_cast<double>(i) + 0.5) / kBins;
        const double value = scaleValue(position, extent_, scale_);
        const bool inside = value >= range_.low && value <= range_.high;
        // Roots keep thin tails visible next to a high middle.
        const double bar = counts_[i] == 0 ? 0.0 : std::max(1.5, room * std::sqrt(double(counts_[i]) / largest));
        painter.setBrush(inside ? mapColour(map_, scalePosition(value, range_, scale_), tokens) : tokens.line);
        painter.drawRect(QRectF(kMargin + static_cast<double>(i) * pitch, base - bar, std::max(pitch - 1, 1.0), bar));
    }
    painter.fillRect(QRectF(kMargin, base, width() - 2 * kMargin, 1), tokens.line);
    for (const Handle handle : {Handle::low, Handle::high}) {
        const double x = std::round(xOf(handle == Handle::low ? range_.low : range_.high));
        const bool active = hasFocus() && handle == active_;
        painter.setBrush(active ? tokens.accent : tokens.text);
        painter.drawRoundedRect(QRectF(x - 1.5, 1, 3, height() - 2), 1.5, 1.5);
    }
}

void RangeStrip::moveHandle(double value) {
    ValueRange next = range_;
    if (active_ == Handle::low) next.low = std::min(value, range_.high);
    if (active_ == Handle::high) next.high = std::max(value, range_.low);
    if (next == range_) return;
    setRange(next);
    emit rangeEdited(range_);
}

void RangeStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return;
    const double x = event->position().x();
    active_ = std::abs(x - xOf(range_.low)) <= std::abs(x - xOf(range_.high)) ? Handle::low : Handle::high;
    if (xOf(range_.low) == xOf(range_.high)) active_ = x < xOf(range_.low) ? Handle::low : Handle::high;
    dragging_ = true;
    moveHandle(valueAt(x));
}

void RangeStrip::mouseMoveEvent(QMouseEvent* event) {
    if (dragging_) moveHandle(valueAt(event->position().x()));
}

void RangeStrip::mouseReleaseEvent(QMouseEvent*) {
    dragging_ = false;
}

void RangeStrip::mouseDoubleClickEvent(QMouseEvent*) {
    emit autoFitWanted();
}

void RangeStrip::keyPressEvent(QKeyEvent* event) {
    const double step = event->modifiers() & Qt::ShiftModifier ? 10.0 : 2.0;
    const double x = xOf(active_ == Handle::low ? range_.low : range_.high);
    switch (event->key()) {
        case Qt::Key_Left:
            return moveHandle(valueAt(x - step));
        case Qt::Key_Right:
            return moveHandle(valueAt(x + step));
        case Qt::Key_Home:
            emit autoFitWanted();
            return;
        default:
            PaintedWidget::keyPressEvent(event);
    }
}

bool RangeStrip::focusNextPrevChild(bool next) {
    const Handle wanted = next ? Handle::high : Handle::low;
    if (!hasFocus() || active_ == wanted) return PaintedWidget::focusNextPrevChild(next);
    active_ = wanted;
    update();
    return true;
}

}  // namespace quantoscope
