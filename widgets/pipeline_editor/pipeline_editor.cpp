#include "widgets/pipeline_editor/pipeline_editor.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "widgets/pipeline_editor/stage_card.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr auto kChipFormat = "application/x-quantoscope-chip";

struct StagePlace {
    Stage stage;
    int stretch;
};
constexpr std::array<StagePlace, 4> kStages{
    {{Stage::calibrate, 4}, {Stage::quantize, 5}, {Stage::evaluate, 4}, {Stage::export_, 4}}};

QString subtitle(Stage stage, const PipelineDraft& draft) {
    if (!isStageEnabled(draft, stage)) return QStringLiteral("switched off");
    switch (stage) {
        case Stage::calibrate:
            return QStringLiteral("what the methods see");
        case Stage::quantize:
            return sweepText(sweepCount(draft));
        case Stage::evaluate:
            return QStringLiteral("on every run");
        case Stage::export_:
            break;
    }
    return QStringLiteral("when a run is done");
}

struct Addable {
    std::string value;
    QString text;
    QString help;
};

QString numberText(ChipKind kind, std::int64_t number) {
    if (kind == ChipKind::bits) return QStringLiteral("%1 bits").arg(number);
    return number < 0 ? QStringLiteral("whole row") : QStringLiteral("%1 columns").arg(number);
}

std::vector<Addable> addable(ChipKind kind, const PipelineCatalogue& catalogue, const Recipe& recipe) {
    std::vector<Addable> result;
    const auto add_numbers = [&](const std::vector<std::int64_t>& offered, const std::vector<std::int64_t>& there) {
        for (const std::int64_t number : offered)
            if (std::find(there.begin(), there.end(), number) == there.end())
                result.push_back({std::to_string(number), numberText(kind, number), {}});
    };
    const auto add_choices = [&](const std::vector<NamedChoice>& choices) {
        for (const NamedChoice& choice : choices) result.push_back({choice.id, choice.label, choice.help});
    };
    if (kind == ChipKind::method)
        for (const MethodDescription& method : catalogue.methods)
            result.push_back({method.id, QString::fromStdString(method.label), QString::fromStdString(method.summary)});
    if (kind == ChipKind::bits) add_numbers(catalogue.bits, recipe.bits);
    if (kind == ChipKind::group_size) add_numbers(catalogue.group_sizes, recipe.group_sizes);
    if (kind == ChipKind::evaluation || kind == ChipKind::original_model) add_choices(catalogue.benchmarks);
    if (kind == ChipKind::export_format) add_choices(catalogue.export_formats);
    return result;
}

}  // namespace

PipelineEditor::PipelineEditor(QWidget* parent)
    : QWidget(parent), count_(new QLabel(this)), estimate_(new QLabel(this)) {
    setObjectName(QStringLiteral("pipelineEditor"));
    count_->setObjectName(QStringLiteral("sweepCount"));
    count_->setProperty("role", QStringLiteral("title"));
    estimate_->setObjectName(QStringLiteral("estimate"));
    estimate_->setProperty("role", QStringLiteral("muted"));
    estimate_->setWordWrap(true);
    auto* chain = new QHBoxLayout;
    chain->setSpacing(10);
    for (const StagePlace& place : kStages) {
        if (!cards_.empty()) {
            auto* arrow = new QLabel(QStringLiteral("→"), this);
            arrow->setProperty("role", QStringLiteral("muted"));
            chain->addWidget(arrow, 0, Qt::AlignVCenter);
        }
        auto* card = new StageCard(place.stage, this);
        chain->addWidget(card, place.stretch, Qt::AlignVCenter);
        cards_.push_back(card);
        connectCard(card);
    }
    auto* totals = new QHBoxLayout;
    totals->setSpacing(kGap + 4);
    totals->addWidget(count_);
    totals->addWidget(estimate_, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kCardPadding);
    layout->addLayout(chain, 1);
    layout->addLayout(totals);
    rebuild();
}

void PipelineEditor::connectCard(StageCard* card) {
    connect(card, &StageCard::chipSelected, this, [this](ChipRef chip) {
        if (rebuilding_) return;  // focus wanders while chips are replaced
        selectChip(chip);
        emit chipSelected(chip);
    });
    connect(card, &StageCard::titleClicked, this, [this, card] { emit stageSelected(card->stage()); });
    connect(card, &StageCard::actionWanted, this, &PipelineEditor::act);
    connect(card, &StageCard::chipDropped, this,
            [this](ChipRef chip, int to) { emitEdit(moveChip(draft_, catalogue_, chip, to)); });
    connect(card, &StageCard::toggleWanted, this, [this, card] {
        card->setSwitchedOn(isStageEnabled(draft_, card->stage()));  // the draft says, not the click
        emitEdit(toggleStage(draft_, card->stage()));
    });
    connect(card, &StageCard::addWanted, this, &PipelineEditor::openAddMenu);
}

void PipelineEditor::act(ChipRef chip, ChipAction action) {
    if (selected_ != chip) {
        selectChip(chip);
        emit chipSelected(chip);
    }
    switch (action) {
        case ChipAction::remove:
            return emitEdit(removeChip(draft_, catalogue_, chip));
        case ChipAction::duplicate:
            return emitEdit(duplicateChip(draft_, catalogue_, chip));
        case ChipAction::toggle:
            return emitEdit(toggleChip(draft_, catalogue_, chip));
        case ChipAction::copy:
            return copy(chip);
        case ChipAction::cut:
            copy(chip);
            return emitEdit(removeChip(draft_, catalogue_, chip));
        case ChipAction::paste:
            return paste();
        case ChipAction::move_back:
            return emitEdit(moveChip(draft_, catalogue_, chip, chip.index - 1));
        case ChipAction::move_on:
            return emitEdit(moveChip(draft_, catalogue_, chip, chip.index + 1));
        case ChipAction::open:
            if (chip.kind == ChipKind::calibration_data || chip.kind == ChipKind::evaluation) emit dataFileWanted(chip);
            return;
        case ChipAction::add:
            break;
    }
}

void PipelineEditor::copy(ChipRef chip) const {
    const QByteArray copied = copiedChip(draft_, chip);
    if (copied.isEmpty()) return;
    auto* held = new QMimeData;
    held->setData(QLatin1String(kChipFormat), copied);
    held->setText(chipText(draft_, catalogue_, chip));
    QGuiApplication::clipboard()->setMimeData(held);
}

void PipelineEditor::paste() {
    const auto* held = QGuiApplication::clipboard()->mimeData();
    if (held == nullptr || !held->hasFormat(QLatin1String(kChipFormat))) return;
    emitEdit(pasteChip(draft_, catalogue_, held->data(QLatin1String(kChipFormat)), selected_));
}

void PipelineEditor::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Paste)) return paste();  // a "+" or a switch has the focus
    QWidget::keyPressEvent(event);
}

void PipelineEditor::setCatalogue(const PipelineCatalogue& catalogue) {
    catalogue_ = catalogue;
    rebuild();
}

void PipelineEditor::setDraft(const PipelineDraft& draft) {
    draft_ = draft;
    rebuild();
}

void PipelineEditor::setEstimate(const QString& text, EstimateState state) {
    estimate_->setText(text);
    const QString role = state == EstimateState::bad ? QStringLiteral("bad") : QStringLiteral("muted");
    if (estimate_->property("role").toString() == role) return;
    estimate_->setProperty("role", role);
    restyle(estimate_);
}

void PipelineEditor::selectChip(std::optional<ChipRef> chip) {
    selected_ = chip;
    for (StageCard* card : cards_) card->setSelected(chip);
}

QWidget* PipelineEditor::firstStop() const {
    for (const StageCard* card : cards_)
        if (auto* chip = selected_ ? card->button(*selected_) : nullptr) return chip;
    for (const StageCard* card : cards_)
        if (auto* stop = card->tabStop()) return stop;
    return nullptr;
}

void PipelineEditor::rebuild() {
    const QScopedValueRollback guard(rebuilding_, true);
    // A stage's switch stays and keeps the focus; chips are made anew.
    const auto* focused = QApplication::focusWidget();
    const bool had_focus = isAncestorOf(focused) && qobject_cast<const QCheckBox*>(focused) == nullptr;
    ChipButton* selected = nullptr;
    for (StageCard* card : cards_) {
        card->setChips(chipsOf(draft_, catalogue_, card->stage()));
        card->setSubtitle(subtitle(card->stage(), draft_));
        card->setSwitchedOn(isStageEnabled(draft_, card->stage()));
        if (selected_ && selected == nullptr) selected = card->button(*selected_);
    }
    orderTabs();
    // The chip before the one that went away takes the selection.
    for (int index = selected_ ? selected_->index - 1 : -1; selected == nullptr && index >= 0; --index)
        for (StageCard* card : cards_)
            if (selected == nullptr) selected = card->button({selected_->kind, index});
    selectChip(selected != nullptr ? std::optional<ChipRef>(selected->chip().ref) : std::nullopt);
    if (had_focus && selected != nullptr) selected->setFocus(Qt::OtherFocusReason);
    const int runs = sweepCount(draft_).runs();
    count_->setText(runs == 1 ? QStringLiteral("1 run") : QStringLiteral("%1 runs").arg(runs));
}

/// New chips would come last in the window's Tab order.
void PipelineEditor::orderTabs() {
    QWidget* before = nullptr;
    for (const StageCard* card : cards_)
        for (QWidget* next : card->tabOrder()) {
            if (before != nullptr) setTabOrder(before, next);
            before = next;
        }
}

void PipelineEditor::emitEdit(const std::optional<PipelineEdit>& edit) {
    if (!edit) return;
    const auto chip = edit->chip;
    if (chip) selected_ = chip;  // taken up when the draft comes back
    emit draftEdited(edit->draft, edit->label);
    if (chip && selected_ == chip) emit chipSelected(*chip);
}

void PipelineEditor::openAddMenu(ChipKind kind, QWidget* near) {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("addMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    const ChipKind added = kind == ChipKind::original_model ? ChipKind::evaluation : kind;
    for (const Addable& choice : addable(kind, catalogue_, draft_.recipe)) {
        QAction* action = menu->addAction(choice.text);
        action->setToolTip(choice.help);
        connect(action, &QAction::triggered, this,
                [this, added, value = choice.value] { emitEdit(addChip(draft_, catalogue_, added, value)); });
    }
    if (menu->isEmpty()) menu->addAction(QStringLiteral("Nothing more to add"))->setEnabled(false);
    menu->popup(near->mapToGlobal(QPoint(0, near->height())));
}

}  // namespace quantoscope
