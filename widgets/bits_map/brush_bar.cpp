#include "widgets/bits_map/brush_bar.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

#include "widgets/bits_map/bits_map.h"

namespace quantoscope {
namespace {

constexpr int kNone = 99;  // a group of buttons keeps -1 for itself

}  // namespace

BrushBar::BrushBar(const QString& none, const QString& none_help, QWidget* parent)
    : QWidget(parent), none_(none), none_help_(none_help), group_(new QButtonGroup(this)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    connect(group_, &QButtonGroup::idClicked, this, [this] { emit brushChosen(brush()); });
}

void BrushBar::setWidths(const std::vector<std::int64_t>& widths) {
    if (widths == widths_ && !group_->buttons().isEmpty()) return;
    widths_ = widths;
    for (auto* button : group_->buttons()) delete button;
    add(kNone, QStringLiteral("brush_auto"), none_, none_help_);
    for (const auto width : widths)
        add(static_cast<int>(width), QStringLiteral("brush_%1").arg(width), QString::number(width),
            tr("Paint: %1 for these linears").arg(bitsText(width)));
    add(BitsCell::kSkipped, QStringLiteral("brush_skip"), tr("Skip"),
        tr("Paint: leave these linears as they are in the model"));
    group_->button(kNone)->setChecked(true);
    emit brushChosen(std::nullopt);
}

void BrushBar::add(int id, const QString& name, const QString& text, const QString& help) {
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setText(text);
    button->setToolTip(help);
    button->setAccessibleName(help);
    button->setCheckable(true);
    layout()->addWidget(button);
    group_->addButton(button, id);
}

std::optional<std::int64_t> BrushBar::brush() const {
    const int id = group_->checkedId();
    return id == kNone || id < 0 ? std::nullopt : std::optional<std::int64_t>(id);
}

}  // namespace quantoscope
