// Mouse and keyboard of the tile map.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <cmath>

#include "widgets/tile_map/tile_map_view.h"

namespace quantoscope {
namespace {
constexpr double kStep = 1.4;
constexpr double kPanShare = 0.15;
}  // namespace

void TileMapView::zoomAt(QPointF position, double factor) {
    const QRectF map = frame(rect()).map;
    if (map.isEmpty() || viewport_.isEmpty()) return;
    const double along_x = (position.x() - map.left()) / map.width();
    const double along_y = (position.y() - map.top()) / map.height();
    const QSizeF size = viewport_.size() / factor;
    const QPointF fixed(viewport_.left() + along_x * viewport_.width(), viewport_.top() + along_y * viewport_.height());
    setViewport({fixed.x() - along_x * size.width(), fixed.y() - along_y * size.height(), size.width(), size.height()});
}

void TileMapView::wheelEvent(QWheelEvent* event) {
    const double notches = event->angleDelta().y() / 120.0;
    zoomAt(event->position(), std::pow(kStep, notches));
    event->accept();
}

void TileMapView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return ViewWidget::mousePressEvent(event);
    press_ = event->position();
    press_viewport_ = viewport_;
    dragging_ = true;
}

void TileMapView::mouseMoveEvent(QMouseEvent* event) {
    const QRectF map = frame(rect()).map;
    if (!dragging_) {
        const QString text = readOut(event->position());
        if (text.isEmpty()) return QToolTip::hideText();
        return QToolTip::showText(event->globalPosition().toPoint(), text, this);
    }
    const QPointF moved = event->position() - press_;
    setViewport(press_viewport_.translated(-moved.x() / map.width() * press_viewport_.width(),
                                           -moved.y() / map.height() * press_viewport_.height()));
}

void TileMapView::mouseReleaseEvent(QMouseEvent* event) {
    const bool clicked = dragging_ && (event->position() - press_).manhattanLength() < 4;
    dragging_ = false;
    const QRectF map = frame(rect()).map;
    if (!clicked || columns_ == 0 || !map.contains(event->position())) return;
    const QPointF at = event->position() - map.topLeft();
    const auto column = static_cast<qint64>(viewport_.left() + at.x() / map.width() * viewport_.width());
    const auto row = static_cast<qint64>(viewport_.top() + at.y() / map.height() * viewport_.height());
    emit positionClicked(std::min(row, qint64{rows_} - 1), std::min(column, qint64{columns_} - 1));
}

void TileMapView::mouseDoubleClickEvent(QMouseEvent*) {
    zoomToFit();
}

void TileMapView::keyPressEvent(QKeyEvent* event) {
    const QPointF centre = frame(rect()).map.center();
    if (const auto step = arrowStep(*event))
        return setViewport(viewport_.translated(step->x() * viewport_.width() * kPanShare,
                                                step->y() * viewport_.height() * kPanShare));
    switch (event->key()) {
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoomAt(centre, kStep);
        case Qt::Key_Minus:
            return zoomAt(centre, 1.0 / kStep);
        case Qt::Key_0:
            return zoomToFit();
        default:
            ViewWidget::keyPressEvent(event);
    }
}

void TileMapView::resizeEvent(QResizeEvent* event) {
    ViewWidget::resizeEvent(event);
    requestCrop();
}

void TileMapView::changeEvent(QEvent* event) {
    ViewWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) invalidate();
}

}  // namespace quantoscope
