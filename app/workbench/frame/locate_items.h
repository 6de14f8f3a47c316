// What Locate offers, and what choosing an entry does.
#pragma once

#include <QAction>
#include <QList>
#include <vector>

#include "app/workbench/session/session.h"
#include "widgets/locate/locate_popup.h"

namespace quantoscope {

std::vector<LocateItem> locateItems(Session& session, const QList<QAction*>& actions);

/// Does it, or changes the selection; returns the page to show then, empty to stay. Settings (`setting:ID`) are not for
/// this: they have a dialog of their own.
QString chooseLocated(Session& session, const QList<QAction*>& actions, const QString& id);

}  // namespace quantoscope
