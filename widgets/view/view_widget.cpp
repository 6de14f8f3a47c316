#include "widgets/view/view_widget.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace quantoscope {

ViewWidget::ViewWidget(const QString& object_name, const ViewSizes& sizes, QWidget* parent)
    : PaintedWidget(object_name, sizes, parent) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

QSizeF ViewWidget::viewSize() const {
    return size().isEmpty() ? sizeHint() : size();
}

void ViewWidget::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintView(painter, rect());
}

bool ViewWidget::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return PaintedWidget::event(event);
    const auto& help = *static_cast<QHelpEvent*>(event);
    if (const QString text = toolTipAt(help.pos()); !text.isEmpty()) QToolTip::showText(help.globalPos(), text, this);
    return true;
}

}  // namespace quantoscope
