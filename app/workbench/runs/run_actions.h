// What can be done with a run or a run folder: pin, rename, annotate, resume, evaluate, export, delete.
#pragma once

#include <QObject>

#include "app/workbench/session/session.h"
#include "app/workbench/settings/settings.h"

class QMenu;
class QWidget;

namespace quantoscope {

class RunActions : public QObject {
    Q_OBJECT

public:
    RunActions(Session& session, const Settings& settings, QWidget* window);

    /// Fills a context menu; `run` is null on a folder row.
    void fill(QMenu& menu, const QString& folder, const RunKey& run);
    void annotate(const QString& folder);
    /// Asks for a file, then writes scores, charts and maps of the folder into it.
    void report(const QString& folder);
    /// Asks, unless the user does not want to be asked, then deletes for good.
    void remove(const QString& folder);

signals:
    void renameWanted(const QString& folder);
    void evaluateWanted(const quantoscope::RunKey& run);
    void exportWanted(const quantoscope::RunKey& run);
    void reported(const QString& path);

private:
    void fillRun(QMenu& menu, const RunKey& run);

    Session& session_;
    const Settings& settings_;
    QWidget* window_;
};

}  // namespace quantoscope
