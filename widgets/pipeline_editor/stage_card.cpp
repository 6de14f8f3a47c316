#include "widgets/pipeline_editor/stage_card.h"

#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/pipeline_editor/chip_button.h"
#include "widgets/pipeline_editor/flow_layout.h"
#include "widgets/theme/tokens.h"

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
                    {ChipKind::group_size, ChipKind::group_size, "a group size", "group"}};
        case Stage::evaluate:
            return {{ChipKind::evaluation, ChipKind::original_model, "a benchmark", ""}};
        case Stage::export_:
            break;
    }
    return {{ChipKind::export_format, ChipKind::export_format, "a format", ""}};
}

}  // namespace

StageCard::StageCard(Stage stage, const QString& title, QWidget* parent)
    : QFrame(parent), stage_(stage), subtitle_(new QLabel(this)), layout_(new QVBoxLayout(this)) {
    setObjectName(QStringLiteral("stage_%1").arg(static_cast<int>(stage)));
    setAccessibleName(title);
    auto* heading = new QLabel(title, this);
    heading->setProperty("role", QStringLiteral("title"));
    subtitle_->setProperty("role", QStringLiteral("muted"));
    subtitle_->setWordWrap(true);
    layout_->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    layout_->setSpacing(3);
    layout_->addWidget(heading);
    layout_->addWidget(subtitle_);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setMinimumWidth(132);
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
    auto* row = new QWidget(rows_);
    auto* flow = new FlowLayout(6, row);
    if (!unit.isEmpty()) {
        auto* label = new QLabel(unit, row);
        label->setProperty("role", QStringLiteral("muted"));
        label->setMinimumSize(36, 26);
        flow->addWidget(label);
    }
    for (const Chip& chip : chips) {
        auto* button = new ChipButton(chip, row);
        flow->addWidget(button);
        buttons_.push_back(button);
        connectChip(button, kind);
    }
    if (!name.isEmpty()) {
        auto* add = new AddChipButton(name, row);
        add->setObjectName(QStringLiteral("add_%1").arg(static_cast<int>(kind)));
        flow->addWidget(add);
        connect(add, &QAbstractButton::clicked, this, [this, kind, add] { emit addWanted(kind, add); });
    }
    rows_->layout()->addWidget(row);
}

void StageCard::connectChip(ChipButton* button, ChipKind kind) {
    const ChipRef ref = button->chip().ref;
    connect(button, &ChipButton::selected, this, [this, ref] { emit chipSelected(ref); });
    connect(button, &ChipButton::removeWanted, this, [this, ref] { emit removeWanted(ref); });
    connect(button, &ChipButton::duplicateWanted, this, [this, ref] { emit duplicateWanted(ref); });
    connect(button, &ChipButton::toggleWanted, this, [this, ref] { emit toggleWanted(ref); });
    connect(button, &ChipButton::openWanted, this, [this, ref] { emit openWanted(ref); });
    connect(button, &ChipButton::addWanted, this, [this, kind, button] { emit addWanted(kind, button); });
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
