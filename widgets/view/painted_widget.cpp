#include "widgets/view/painted_widget.h"

#include <QKeyEvent>

namespace quantoscope {

PaintedWidget::PaintedWidget(const QString& object_name, const ViewSizes& sizes, QWidget* parent)
    : QWidget(parent), sizes_(sizes) {
    setObjectName(object_name);
}

std::optional<QPoint> arrowStep(const QKeyEvent& event) {
    switch (event.key()) {
        case Qt::Key_Left:
            return QPoint(-1, 0);
        case Qt::Key_Right:
            return QPoint(1, 0);
        case Qt::Key_Up:
            return QPoint(0, -1);
        case Qt::Key_Down:
            return QPoint(0, 1);
        default:
            return std::nullopt;
    }
}

}  // namespace quantoscope
