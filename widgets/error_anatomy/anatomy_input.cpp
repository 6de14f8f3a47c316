// Mouse and keyboard of the anatomy view, and the place of the keyboard.
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <algorithm>

#include "widgets/error_anatomy/anatomy_view.h"

namespace quantoscope {

std::optional<AnatomyPart> AnatomyView::chosenPart() const {
    if (!chosen_) return std::nullopt;
    const auto segments = anatomySegments(rows_[static_cast<std::size_t>(chosen_->row)]);
    return segments[static_cast<std::size_t>(chosen_->segment)].part;
}

bool AnatomyView::choose(int row, AnatomyPart part) {
    const auto segments = anatomySegments(rows_[static_cast<std::size_t>(row)]);
    const auto found = std::ranges::find(segments, part, &AnatomySegment::part);
    if (found == segments.end()) return false;
    chosen_ = Place{row, static_cast<int>(found - segments.begin())};
    return true;
}

void AnatomyView::mouseMoveEvent(QMouseEvent* event) {
    for (int row = 0; row < static_cast<int>(rows_.size()); ++row) {
        const auto segments = anatomySegments(rows_[static_cast<std::size_t>(row)]);
        // The last that is drawn there lies on top; a sliver is given two pixels.
        for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment)
            if (rectOf(barRect(rect(), row), row, *segment).adjusted(-1, -3, 1, 3).contains(event->position()))
                return QToolTip::showText(event->globalPosition().toPoint(), readOut(row, *segment), this);
    }
    QToolTip::hideText();
}

void AnatomyView::keyPressEvent(QKeyEvent* event) {
    const auto step = arrowStep(*event);
    if (!step || rows_.empty()) return ViewWidget::keyPressEvent(event);
    Place next = chosen_.value_or(Place{0, -1});
    next.row = std::clamp(next.row + step->y(), 0, static_cast<int>(rows_.size()) - 1);
    const int count = static_cast<int>(anatomySegments(rows_[static_cast<std::size_t>(next.row)]).size());
    if (count == 0) return;
    next.segment = std::clamp(next.segment + step->x(), 0, count - 1);
    chosen_ = next;
    updateDescription();
    update();
}

}  // namespace quantoscope
