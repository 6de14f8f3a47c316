// Asking for files without blocking: the answer comes back through a function.
#pragma once

#include <QString>
#include <functional>

class QWidget;

namespace quantoscope {

using PathTaker = std::function<void(const QString& path)>;

void askForFile(QWidget* parent, const QString& title, const QString& filter, PathTaker take);
void askForFolder(QWidget* parent, const QString& title, PathTaker take);
/// `suffix` without dot is added when the user types none.
void askForNewFile(QWidget* parent, const QString& title, const QString& name, const QString& suffix, PathTaker take);

}  // namespace quantoscope
