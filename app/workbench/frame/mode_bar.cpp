#include "app/workbench/frame/mode_bar.h"

#include <QActionGroup>
#include <QComboBox>
#include <QPushButton>

namespace quantoscope {

ModeBar::ModeBar(QWidget* parent) : QToolBar(tr("Modes"), parent), group_(new QActionGroup(this)) {
    setObjectName(QStringLiteral("mode_bar"));
    setMovable(false);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setProperty("role", QStringLiteral("bar"));
    auto* spacer = new QWidget(this);
    spacer->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    first_right_ = addWidget(spacer);
    device_ = new QComboBox(this);
    device_->setObjectName(QStringLiteral("device"));
    device_->setAccessibleName(tr("Device that computes"));
    device_->addItem(tr("CPU"), QStringLiteral("cpu"));
    device_->setToolTip(tr("What the worker computes on; devices that this machine does not have are not listed"));
    device_->setFocusPolicy(Qt::TabFocus);
    addWidget(device_);
    cancel_ = new QPushButton(QStringLiteral("■ ") + tr("Cancel"), this);
    cancel_->setObjectName(QStringLiteral("cancel"));
    cancel_->setAccessibleName(tr("Cancel the running job"));
    cancel_->setEnabled(false);
    addWidget(cancel_);
    run_ = new QPushButton(QStringLiteral("▶ ") + tr("Run"), this);
    run_->setObjectName(QStringLiteral("run"));
    run_->setAccessibleName(tr("Run the pipeline"));
    run_->setProperty("primary", true);
    addWidget(run_);
    connect(group_, &QActionGroup::triggered, this,
            [this](QAction* action) { emit modeChosen(action->data().toString()); });
}

QAction* ModeBar::addMode(const QString& id, const QString& title) {
    auto* action = new QAction(title, group_);
    const auto number = group_->actions().size();
    action->setObjectName(QStringLiteral("mode_") + id);
    action->setData(id);
    action->setCheckable(true);
    action->setShortcut(QKeySequence(static_cast<int>(Qt::CTRL) | static_cast<int>(Qt::Key_0 + number)));
    insertAction(first_right_, action);
    auto* button = qobject_cast<QToolButton*>(widgetForAction(action));
    button->setProperty("role", QStringLiteral("mode"));
    button->setObjectName(QStringLiteral("mode_button_") + id);
    button->setFocusPolicy(Qt::TabFocus);
    return action;
}

void ModeBar::setMode(const QString& id) {
    for (auto* action : group_->actions())
        if (action->data().toString() == id) action->setChecked(true);
}

QList<QAction*> ModeBar::modes() const {
    return group_->actions();
}

}  // namespace quantoscope
