#include "widgets/pipeline_editor/chip_row.h"

#include <QLabel>
#include <QPainter>
#include <algorithm>

#include "widgets/pipeline_editor/chip_button.h"
#include "widgets/pipeline_editor/flow_layout.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

constexpr int kSpacing = 6;
constexpr int kReach = 26;  // pixels off the row that still count as on it
constexpr int kMarkWidth = 2;

}  // namespace

ChipRow::ChipRow(const QString& unit, const std::vector<Chip>& chips, QWidget* parent)
    : QWidget(parent), flow_(new FlowLayout(kSpacing, this)) {
    if (!unit.isEmpty()) {
        auto* label = new QLabel(unit, this);
        label->setProperty("role", QStringLiteral("muted"));
        label->setMinimumSize(36, 26);
        flow_->addWidget(label);
    }
    for (const Chip& chip : chips) {
        auto* button = new ChipButton(chip, this);
        flow_->addWidget(button);
        buttons_.push_back(button);
        connect(button, &ChipButton::dragMoved, this, [this, button](QPoint global) { drag(*button, global); });
        connect(button, &ChipButton::dragEnded, this, [this, button] { drop(*button); });
        connect(button, &ChipButton::dragCancelled, this, &ChipRow::stopDrag);
    }
}

ChipRow::~ChipRow() {
    delete ghost_;
}

void ChipRow::addWidget(QWidget* widget) {
    flow_->addWidget(widget);
}

std::vector<ChipButton*> ChipRow::movable(const ChipButton& dragged) const {
    std::vector<ChipButton*> found;
    for (ChipButton* button : buttons_)
        if (button->chip().ref.kind == dragged.chip().ref.kind) found.push_back(button);
    return found;
}

std::optional<int> ChipRow::indexAt(const ChipButton& dragged, QPoint position) const {
    if (!rect().adjusted(-kReach, -kReach, kReach, kReach).contains(position)) return std::nullopt;
    const auto chips = movable(dragged);
    // Chips wrap like words: the place is before the first chip that is read after the pointer.
    const auto after = std::find_if(chips.begin(), chips.end(), [&](const ChipButton* chip) {
        const QRect place = chip->geometry();
        return position.y() < place.top() - kSpacing / 2 ||
               (position.y() <= place.bottom() + kSpacing / 2 && position.x() < place.center().x());
    });
    const int slot = static_cast<int>(after - chips.begin());
    const int from = dragged.chip().ref.index;
    return slot > from ? slot - 1 : slot;
}

void ChipRow::drag(ChipButton& chip, QPoint global) {
    if (!ghost_) {
        ghost_ = new QLabel(window());
        ghost_->setAttribute(Qt::WA_TransparentForMouseEvents);
        ghost_->setPixmap(chip.grab());
        ghost_->resize(chip.size());
        ghost_->show();
        ghost_->raise();
    }
    ghost_->move(window()->mapFromGlobal(global) - QPoint(ghost_->width() / 2, ghost_->height() / 2));
    to_ = indexAt(chip, mapFromGlobal(global));
    mark_ = QRect();
    const int from = chip.chip().ref.index;
    if (to_ && *to_ != from) {
        const QRect place = movable(chip)[static_cast<std::size_t>(*to_)]->geometry();
        const int x = *to_ < from ? place.left() - kSpacing / 2 - 1 : place.right() + kSpacing / 2;
        mark_ = QRect(std::max(x, 0), place.top() - 1, kMarkWidth, place.height() + 2);
    }
    update();
}

void ChipRow::drop(ChipButton& chip) {
    const auto to = to_;
    stopDrag();
    if (to && *to != chip.chip().ref.index) emit chipDropped(chip.chip().ref, *to);
}

void ChipRow::stopDrag() {
    if (ghost_) ghost_->deleteLater();
    ghost_.clear();
    to_.reset();
    mark_ = QRect();
    update();
}

void ChipRow::hideEvent(QHideEvent* event) {
    stopDrag();
    QWidget::hideEvent(event);
}

void ChipRow::paintEvent(QPaintEvent*) {
    if (mark_.isNull()) return;
    QPainter painter(this);
    painter.fillRect(mark_, tokensOf(this).accent);
}

}  // namespace quantoscope
