// Mouse, keyboard and menu of a chip.
#include <QApplication>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <array>

#include "widgets/pipeline_editor/chip_button.h"

namespace quantoscope {
namespace {

struct ActionRow {
    ChipAction action;
    const char* text;  ///< in the menu; empty: not there
    QKeyCombination key;
};
constexpr std::array<ActionRow, 11> kActions{{
    {ChipAction::copy, "Copy", Qt::CTRL | Qt::Key_C},
    {ChipAction::cut, "Cut", Qt::CTRL | Qt::Key_X},
    {ChipAction::paste, "Paste", Qt::CTRL | Qt::Key_V},
    {ChipAction::duplicate, "Duplicate", Qt::CTRL | Qt::Key_D},
    {ChipAction::toggle, "Switch on or off", QKeyCombination(Qt::Key_Space)},
    {ChipAction::move_back, "Move left", Qt::ALT | Qt::Key_Left},
    {ChipAction::move_on, "Move right", Qt::ALT | Qt::Key_Right},
    {ChipAction::remove, "Remove", QKeyCombination(Qt::Key_Delete)},
    {ChipAction::remove, "", QKeyCombination(Qt::Key_Backspace)},
    {ChipAction::add, "", QKeyCombination(Qt::Key_Insert)},
    {ChipAction::open, "", QKeyCombination(Qt::Key_Return)},
}};

const ActionRow* actionOf(const QKeyEvent& event) {
    // Keypad keys differ by a modifier that means nothing here.
    const QKeyCombination pressed(event.modifiers() & ~Qt::KeypadModifier, static_cast<Qt::Key>(event.key()));
    for (const auto& row : kActions)
        if (row.key == pressed || (row.action == ChipAction::open && pressed.key() == Qt::Key_Enter)) return &row;
    return nullptr;
}

}  // namespace

bool ChipButton::wants(ChipAction action) const {
    const ChipKind kind = chip_.ref.kind;
    switch (action) {
        case ChipAction::remove:
            return canBeRemoved(kind);
        case ChipAction::duplicate:
            return canBeRepeated(kind);
        case ChipAction::toggle:
            return canBeSwitchedOff(kind);
        case ChipAction::copy:
            return canBeCopied(kind);
        case ChipAction::cut:
            return canBeCopied(kind) && canBeRemoved(kind);
        case ChipAction::move_back:
        case ChipAction::move_on:
            return canBeMoved(kind);
        case ChipAction::paste:
        case ChipAction::open:
        case ChipAction::add:
            break;
    }
    return true;
}

bool ChipButton::event(QEvent* event) {
    // What the chip does with a key goes before the window's shortcuts: Alt+Left walks through the selection elsewhere.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto& key = *static_cast<QKeyEvent*>(event);
        const auto* row = actionOf(key);
        if ((row != nullptr && wants(row->action)) || (dragging_ && key.key() == Qt::Key_Escape)) {
            event->accept();
            return true;
        }
    }
    return QAbstractButton::event(event);
}

void ChipButton::keyPressEvent(QKeyEvent* event) {
    if (dragging_ && event->key() == Qt::Key_Escape) {
        endDrag();
        emit dragCancelled();
        return;
    }
    if (const auto* row = actionOf(*event)) {
        if (row->action == ChipAction::open) emit selected();
        if (wants(row->action)) emit actionWanted(row->action);
        return;
    }
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Up:
            focusPreviousChild();
            return;
        case Qt::Key_Right:
        case Qt::Key_Down:
            focusNextChild();
            return;
        default:
            QAbstractButton::keyPressEvent(event);
    }
}

void ChipButton::focusInEvent(QFocusEvent* event) {
    QAbstractButton::focusInEvent(event);
    // The inspector follows the keyboard as it follows the mouse.
    if (event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason) emit selected();
}

void ChipButton::contextMenuEvent(QContextMenuEvent* event) {
    emit selected();
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("chipMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const auto& row : kActions) {
        if (*row.text == '\0' || !wants(row.action)) continue;
        const QString text = row.action != ChipAction::toggle ? QLatin1String(row.text)
                             : chip_.enabled                  ? QStringLiteral("Switch off")
                                                              : QStringLiteral("Switch on");
        QAction* action = menu->addAction(text);
        action->setShortcut(row.key);
        connect(action, &QAction::triggered, this, [this, wanted = row.action] { emit actionWanted(wanted); });
    }
    menu->popup(event->globalPos());
}

void ChipButton::mousePressEvent(QMouseEvent* event) {
    press_ = event->position().toPoint();
    QAbstractButton::mousePressEvent(event);
}

void ChipButton::mouseMoveEvent(QMouseEvent* event) {
    const bool held = event->buttons().testFlag(Qt::LeftButton);
    const int way = (event->position().toPoint() - press_).manhattanLength();
    if (held && !dragging_ && isDown() && canBeMoved(chip_.ref.kind) && way >= QApplication::startDragDistance()) {
        dragging_ = true;
        setDown(false);
        setCursor(Qt::ClosedHandCursor);
        update();
    }
    if (dragging_) return emit dragMoved(event->globalPosition().toPoint());
    QAbstractButton::mouseMoveEvent(event);
}

void ChipButton::endDrag() {
    dragging_ = false;
    setCursor(Qt::PointingHandCursor);
    update();
}

void ChipButton::mouseReleaseEvent(QMouseEvent* event) {
    if (!dragging_) return QAbstractButton::mouseReleaseEvent(event);
    if (event->button() != Qt::LeftButton) return;
    endDrag();
    emit dragEnded();
}

void ChipButton::mouseDoubleClickEvent(QMouseEvent*) {
    emit actionWanted(ChipAction::open);
}

}  // namespace quantoscope
