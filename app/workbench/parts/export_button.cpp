#include "app/workbench/parts/export_button.h"

#include <QApplication>
#include <QMenu>
#include <QToolButton>

#include "widgets/card/card.h"

namespace quantoscope {
namespace {

constexpr const char* kExports = "exports";  // marks the buttons of this file

QToolButton* visibleButton(const QWidget& within) {
    for (auto* button : within.findChildren<QToolButton*>())
        if (button->property(kExports).toBool() && button->isVisible() && button->isEnabled()) return button;
    return nullptr;
}

}  // namespace

QToolButton* addExportButton(Card& card, const QString& name, const ExportableView* view,
                             const std::function<ExportCaption()>& caption,
                             const std::function<void(const Error&)>& failed) {
    auto* button = new QToolButton(&card);
    button->setObjectName(name);
    button->setProperty(kExports, true);
    button->setText(QApplication::translate("ExportButton", "Export"));
    button->setAccessibleName(QApplication::translate("ExportButton", "Export this view"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setAutoRaise(true);
    button->setMenu(exportMenu(button, view, caption, failed));
    card.addHeaderWidget(button);
    return button;
}

bool openExportMenu(QWidget& page) {
    QWidget* around = QApplication::focusWidget();
    if (around == nullptr || !page.isAncestorOf(around)) around = &page;
    auto* button = visibleButton(*around);
    for (; button == nullptr && around != &page; button = visibleButton(*around)) around = around->parentWidget();
    if (button == nullptr) return false;
    button->menu()->popup(button->mapToGlobal(QPoint(0, button->height())));
    return true;
}

}  // namespace quantoscope
