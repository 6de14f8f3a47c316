#include "widgets/pipeline_editor/flow_layout.h"

#include <algorithm>

namespace quantoscope {

FlowLayout::FlowLayout(int spacing, QWidget* parent) : QLayout(parent) {
    setSpacing(spacing);
    setContentsMargins(0, 0, 0, 0);
}

FlowLayout::~FlowLayout() {
    for (QLayoutItem* item : items_) delete item;
}

void FlowLayout::addItem(QLayoutItem* item) {
    items_.push_back(item);
}
int FlowLayout::count() const {
    return static_cast<int>(items_.size());
}

QLayoutItem* FlowLayout::itemAt(int index) const {
    return index >= 0 && index < count() ? items_[static_cast<std::size_t>(index)] : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index) {
    QLayoutItem* item = itemAt(index);
    if (item != nullptr) items_.erase(items_.begin() + index);
    return item;
}

int FlowLayout::heightForWidth(int width) const {
    return layOut(QRect(0, 0, width, 0), Action::measure);
}

QSize FlowLayout::sizeHint() const {
    QSize size = minimumSize();
    return {std::max(size.width(), 150), heightForWidth(std::max(size.width(), 150))};
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const QLayoutItem* item : items_) size = size.expandedTo(item->minimumSize());
    return size;
}

void FlowLayout::setGeometry(const QRect& area) {
    QLayout::setGeometry(area);
    layOut(area, Action::place);
}

int FlowLayout::layOut(const QRect& area, Action action) const {
    int x = area.x();
    int y = area.y();
    int line_height = 0;
    for (QLayoutItem* item : items_) {
        const QSize hint = item->sizeHint();
        const QSize size(std::min(hint.width(), std::max(area.width(), 1)), hint.height());
        if (x > area.x() && x + size.width() > area.right() + 1) {
            x = area.x();
            y += line_height + spacing();
            line_height = 0;
        }
        if (action == Action::place) item->setGeometry(QRect(QPoint(x, y), size));
        x += size.width() + spacing();
        line_height = std::max(line_height, size.height());
    }
    return y + line_height - area.y();
}

}  // namespace quantoscope
