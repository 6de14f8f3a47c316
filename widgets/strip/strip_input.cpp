// Mouse and keyboard of the strip.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>
#include <utility>

#include "widgets/strip/strip_view.h"

namespace quantoscope {

void StripView::select(StripRange range) {
    if (choice_ == StripChoice::single) range.last = range.first;
    setSelected(range);
    if (selected_) emit rangeSelected(selected_->first, selected_->last);
}

void StripView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) return ViewWidget::mousePressEvent(event);
    before_click_ = selected_;
    drag_start_ = itemAt(event->position());
    dragged_.reset();
}

void StripView::mouseMoveEvent(QMouseEvent* event) {
    const auto item = itemAt(event->position());
    if (drag_start_ && item && *item != *drag_start_ && choice_ == StripChoice::range) {
        dragged_ = StripRange{std::min(*drag_start_, *item), std::max(*drag_start_, *item)};
        update();
    }
    if (item == hovered_) return;
    hovered_ = item;
    if (!item) return QToolTip::hideText();
    QToolTip::showText(event->globalPosition().toPoint(), stripToolTip(data_, ranks_, *item), this);
}

void StripView::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !drag_start_) return ViewWidget::mouseReleaseEvent(event);
    const auto start = std::exchange(drag_start_, std::nullopt);
    const auto range = std::exchange(dragged_, std::nullopt);
    select(range.value_or(StripRange{*start, *start}));
}

/// The first click of the two chose one item; a range that was chosen before, and is under the pointer, is meant.
void StripView::mouseDoubleClickEvent(QMouseEvent* event) {
    const auto before = std::exchange(before_click_, std::nullopt);
    const auto item = itemAt(event->position());
    if (before && item && before->first <= *item && *item <= before->last && before != selected_) select(*before);
    if (selected_) emit rangeActivated(selected_->first, selected_->last);
}

void StripView::leaveEvent(QEvent* event) {
    hovered_.reset();
    ViewWidget::leaveEvent(event);
}

/// The item one rank above or below; equal values one after the other.
std::optional<qint64> StripView::nextByRank(qint64 item, bool larger) const {
    const auto before = [&](qint64 a, qint64 b) {  // a comes before b, from the largest
        const float left = data_.values[static_cast<std::size_t>(a)];
        const float right = data_.values[static_cast<std::size_t>(b)];
        return left != right ? left > right : a < b;
    };
    std::optional<qint64> next;
    for (qint64 other = 0; other < count(); ++other) {
        if (other == item || ranks_[static_cast<std::size_t>(other)] == 0) continue;
        const bool candidate = larger ? before(other, item) : before(item, other);
        if (candidate && (!next || (larger ? before(*next, other) : before(other, *next)))) next = other;
    }
    return next;
}

void StripView::keyPressEvent(QKeyEvent* event) {
    if (count() == 0) return ViewWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_Escape && selected_) {
        setSelected(std::nullopt);
        return emit selectionCleared();
    }
    if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && selected_)
        return emit rangeActivated(selected_->first, selected_->last);
    const bool extends = event->modifiers().testFlag(Qt::ShiftModifier) && choice_ == StripChoice::range;
    StripRange range = selected_.value_or(StripRange{-1, -1});
    if (event->key() == Qt::Key_Home) {
        range = extends ? StripRange{0, std::max<qint64>(range.last, 0)} : StripRange{0, 0};
    } else if (event->key() == Qt::Key_End) {
        range = {extends && selected_ ? range.first : count() - 1, count() - 1};
    } else if (const auto step = arrowStep(*event); step && step->y() != 0) {
        const auto largest = std::ranges::find(ranks_, 1) - ranks_.begin();
        const qint64 next = selected_ ? nextByRank(range.first, step->y() < 0).value_or(range.first) : largest;
        range = {next, next};
    } else if (step && !selected_) {
        range = {0, 0};
    } else if (step && extends) {
        range.last = std::clamp(range.last + step->x(), range.first, count() - 1);
    } else if (step) {
        const qint64 moved = std::clamp(range.first + step->x(), qint64{0}, count() - 1 - (range.last - range.first));
        range = {moved, moved + range.last - range.first};
    } else {
        return ViewWidget::keyPressEvent(event);
    }
    if (range.first >= 0 && range.last < count()) select(range);
}

/// With a place chosen Esc lets go of it alone; the window's own Esc, which clears the whole selection, is next.
bool StripView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && selected_ &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        event->accept();
        return true;
    }
    return ViewWidget::event(event);
}

}  // namespace quantoscope
