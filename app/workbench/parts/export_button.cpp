#include "app/workbench/parts/export_button.h"

#include <QCoreApplication>
#include <QMenu>
#include <QToolButton>

#include "widgets/card/card.h"

namespace quantoscope {

QToolButton* addExportButton(Card& card, const QString& name, const ExportableView* view,
                             const std::function<ExportCaption()>& caption,
                             const std::function<void(const Error&)>& failed) {
    auto* button = new QToolButton(&card);
    button->setObjectName(name);
    button->setText(QCoreApplication::translate("ExportButton", "Export"));
    button->setAccessibleName(QCoreApplication::translate("ExportButton", "Export this view"));
    button->setPopupMode(QToolButton::InstantPopup);
    button->setAutoRaise(true);
    button->setMenu(exportMenu(button, view, caption, failed));
    card.addHeaderWidget(button);
    return button;
}

}  // namespace quantoscope
