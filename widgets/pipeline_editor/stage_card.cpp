#include "widgets/pipeline_editor/stage_card.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/pipeline_editor/chip_row.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

struct RowDescription {
    ChipKind kind;  ///< of the "+"; chips of `also` share the row
    ChipKind also;
    const char* name;  ///< "a method", empty: nothing can be added
    const char* unit;  ///< before the chips
};

std::vector<RowDescription> rowsOf(Stage stage) {
    switch (stage) {
        case Stage::calibrate:
            return {{ChipKind::calibration_data, ChipKind::calibration_data, "", ""},
                    {ChipKind::calibration_size, ChipKind::calibration_seed, "", ""}};
        case Stage::quantize:
            return {{ChipKind::method, ChipKind::method, "a method", ""},
                    {ChipKind::bits, ChipKind::bits, "a bit width", "bits"},
                    {ChipKind::group_size, ChipKind::group_size, "a group size", "group"},
                    {ChipKind::checkpoint, ChipKind::checkpoint, "", "compare"}};
        case Stage::evaluate:
            return {{ChipKind::evaluation, ChipKind::original_model, "a benchmark", ""}};
        case Stage::export_:
            break;
    }
    return {{ChipKind::export_format, ChipKind::export_format, "a format", ""}};
}

}  // namespace

StageCard::StageCard(Stage stage, QWidget* parent)
    : QFrame(parent), stage_(stage), subtitle_(new QLabel(this)), layout_(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("stage_%1").arg(static_cast<int>(stage)));
    setAccessibleName(stageName(stage));
    subtitle_->setProperty("role", QStringLiteral("muted"));
    subtitle_->setWordWrap(true);
    layout_->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    layout_->setSpacing(3);
    layout_->addWidget(buildHeading());
    layout_->addWidget(subtitle_);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setMinimumWidth(132);
}

QWidget* StageCard::buildHeading() {
    auto* heading = new QWidget(this);
    auto* row = new QHBoxLayout(heading);
    row->setContentsMargins(0, 0, 0, 0);
    title_ = new QLabel(stageName(stage_), heading);
    title_->setProperty("role", QStringLiteral("title"));
    row->addWidget(title_, 1);
    if (!canBeSwitchedOff(stage_)) return heading;
    switch_ = new QCheckBox(heading);
    switch_->setObjectName(QStringLiteral("switch_%1").arg(static_cast<int>(stage_)));
    switch_->setAccessibleName(stageName(stage_) + QStringLiteral(" stage is part of the run"));
    switch_->setProperty("role", QStringLiteral("switch"));
    switch_->setChecked(true);
    row->addWidget(switch_);
    connect(switch_, &QCheckBox::clicked, this, &StageCard::toggleWanted);
    return heading;
}

void StageCard::setSwitchedOn(bool on) {
    if (switch_ == nullptr) return;
    switch_->setChecked(on);
    switch_->setToolTip(on ? QStringLiteral("Switch this stage off: its chips stay, the run goes without them")
                           : QStringLiteral("Switch this stage on again"));
    const QString role = on ? QStringLiteral("title") : QStringLiteral("muted");
    if (title_->property("role").toString() == role) return;
    title_->setProperty("role", role);
    restyle(title_);
}

void StageCard::setSubtitle(const QString& text) {
    subtitle_->setText(text);
}

void StageCard::setChips(const std::vector<Chip>& chips) {
    if (rows_ != nullptr) {
        rows_->hide();
        layout_->removeWidget(rows_);
        rows_->deleteLater();
    }
    buttons_.clear();
    stops_.clear();
    rows_ = new QWidget(this);
    auto* rows_layout = new QVBoxLayout(rows_);
    rows_layout->setContentsMargins(0, 5, 0, 0);
    rows_layout->setSpacing(6);
    layout_->addWidget(rows_);
    for (const RowDescription& row : rowsOf(stage_)) {
        std::vector<Chip> own;
        for (const Chip& chip : chips)
            if (chip.ref.kind == row.kind || chip.ref.kind == row.also) own.push_back(chip);
        if (!own.empty() || *row.name != '\0') addRow(row.kind, QLatin1String(row.name), QLatin1String(row.unit), own);
    }
    rows_->show();
    updateGeometry();
}

void StageCard::addRow(ChipKind kind, const QString& name, const QString& unit, const std::vector<Chip>& chips) {
    auto* row = new ChipRow(unit, chips, rows_);
    connect(row, &ChipRow::chipDropped, this, &StageCard::chipDropped);
    for (ChipButton* button : row->buttons()) {
        buttons_.push_back(button);
        addStop(button);
        connectChip(button, kind);
    }
    if (!name.isEmpty()) {
        auto* add = new AddChipButton(name, row);
        add->setObjectName(QStringLiteral("add_%1").arg(static_cast<int>(kind)));
        row->addWidget(add);
        addStop(add);
        connect(add, &QAbstractButton::clicked, this, [this, kind, add] { emit addWanted(kind, add); });
    }
    rows_->layout()->addWidget(row);
}

void StageCard::connectChip(ChipButton* button, ChipKind kind) {
    const ChipRef ref = button->chip().ref;
    connect(button, &ChipButton::selected, this, [this, ref] { emit chipSelected(ref); });
    connect(button, &ChipButton::actionWanted, this, [this, ref, kind, button](ChipAction action) {
        if (action == ChipAction::add)
            emit addWanted(kind, button);
        else
            emit actionWanted(ref, action);
    });
}

std::vector<QWidget*> StageCard::tabOrder() const {
    std::vector<QWidget*> order;
    if (switch_ != nullptr) order.push_back(switch_);
    order.insert(order.end(), stops_.begin(), stops_.end());
    return order;
}

QWidget* StageCard::tabStop() const {
    for (auto* stop : stops_)
        if (stop->focusPolicy() == Qt::StrongFocus) return stop;
    return nullptr;
}

void StageCard::addStop(QAbstractButton* stop) {
    stop->installEventFilter(this);
    stop->setFocusPolicy(stops_.empty() ? Qt::StrongFocus : Qt::ClickFocus);
    stops_.push_back(stop);
}

/// A card has many chips: Tab goes to the one that had the keyboard last and on to the next card.
void StageCard::takeStop(QObject* stop) {
    for (auto* other : stops_) other->setFocusPolicy(other == stop ? Qt::StrongFocus : Qt::ClickFocus);
}

/// False at either end: the key goes on to the next card.
bool StageCard::walk(QObject* from, int key) {
    const bool back = key == Qt::Key_Left || key == Qt::Key_Up;
    if (!back && key != Qt::Key_Right && key != Qt::Key_Down) return false;
    const auto found = std::ranges::find(stops_, from);
    if (found == stops_.end() || (back ? found == stops_.begin() : std::next(found) == stops_.end())) return false;
    (back ? *std::prev(found) : *std::next(found))->setFocus(back ? Qt::BacktabFocusReason : Qt::TabFocusReason);
    return true;
}

bool StageCard::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn) takeStop(watched);
    if (event->type() == QEvent::KeyPress) {
        const auto& key = *static_cast<QKeyEvent*>(event);
        if ((key.modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier && walk(watched, key.key())) return true;
    }
    return QFrame::eventFilter(watched, event);
}

void StageCard::setSelected(std::optional<ChipRef> chip) {
    selected_ = chip && stageOf(chip->kind) == stage_;
    for (ChipButton* button : buttons_) button->setSelected(chip && button->chip().ref == *chip);
    update();
}

ChipButton* StageCard::button(ChipRef chip) const {
    const auto found =
        std::find_if(buttons_.begin(), buttons_.end(), [&](const ChipButton* b) { return b->chip().ref == chip; });
    return found == buttons_.end() ? nullptr : *found;
}

void StageCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing, true);
    const Tokens& tokens = tokensOf(this);
    painter.setPen(QPen(selected_ ? tokens.accent : tokens.line, selected_ ? 2.0 : 1.0));
    painter.setBrush(tokens.panel);
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kCardRadius, kCardRadius);
}

void StageCard::mouseReleaseEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && rect().contains(event->pos())) emit titleClicked();
}

}  // namespace quantoscope
