// Mouse and keyboard of the tile map.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "widgets/text/number_text.h"
#include "widgets/tile_map/tile_map_view.h"

namespace quantoscope {
namespace {
constexpr double kStep = 1.4;
constexpr double kPanShare = 0.15;
}  // namespace

QString TileMapView::readOut(QPointF position) const {
    const QRectF map = frame(rect()).map;
    if (!pyramid_ || pyramid_->levels.empty() || !map.contains(position)) return {};
    const double column = viewport_.left() + (position.x() - map.left()) / map.width() * viewport_.width();
    const double row = viewport_.top() + (position.y() - map.top()) / map.height() * viewport_.height();
    const auto r = std::min(static_cast<std::int64_t>(row), rows_ - 1);
    const auto c = std::min(static_cast<std::int64_t>(column), columns_ - 1);
    const QString where = QStringLiteral("row %1, column %2<br>").arg(r).arg(c);
    if (crop_area_ && r >= crop_area_->row && c >= crop_area_->column && r < crop_area_->row + crop_area_->rows &&
        c < crop_area_->column + crop_area_->columns && levelForZoom(*pyramid_, viewport_.width() / map.width()) < 0) {
        const auto value = static_cast<double>(crop_.at(r - crop_area_->row, c - crop_area_->column));
        return where + QStringLiteral("<b>%1</b>").arg(valueText(value, unit_));
    }
    const TileLevel& level = pyramid_->levels[static_cast<std::size_t>(std::max(image_level_, 0))];
    const auto tile = static_cast<std::size_t>(r / level.tile_rows * level.columns + c / level.tile_columns);
    const std::vector<float>& values = tileValues(level, statistic_);
    if (tile >= values.size()) return {};
    return where + QStringLiteral("<b>%1</b> %2 of %3 × %4 weights")
                       .arg(valueText(static_cast<double>(values[tile]), unit_), statisticLabel(statistic_))
                       .arg(level.tile_rows)
                       .arg(level.tile_columns);
}

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
