// Help → Keyboard shortcuts: what every key does, and where.
#pragma once

#include <QList>
#include <QString>
#include <vector>

class QAction;
class QWidget;

namespace quantoscope {

struct ShortcutRow {
    QString where;  ///< "Anywhere", "Maps"
    QString what;
    QString keys;
};

/// The menus' own, then those of the views, which work where the focus is.
std::vector<ShortcutRow> shortcutRows(const QList<QAction*>& actions);
void showShortcuts(QWidget& window, const QList<QAction*>& actions);

}  // namespace quantoscope
