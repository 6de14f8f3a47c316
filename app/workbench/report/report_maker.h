// Makes the report of a run folder: scores, charts, maps of every run, recipe. Piece by piece, so that the window never
// waits.
#pragma once

#include <QObject>
#include <QTimer>
#include <memory>

#include "app/workbench/report/report_document.h"
#include "app/workbench/session/session.h"

namespace quantoscope {

class ReportMaker : public QObject {
    Q_OBJECT

public:
    ReportMaker(Session& session, QString folder, QString path, QObject* parent = nullptr);
    /// Ends in finished() or failed(), and deletes itself.
    void start();

signals:
    void finished(const QString& path);
    void failed(const quantoscope::Error& error);

private:
    void loadNext();
    void addOverview(const RunFolderEntry& folder);
    void addScores(const RunFolderEntry& folder);
    void planCharts(const RunFolderEntry& folder);
    void planMaps(const RunFolderEntry& folder);
    void addMethod();
    void step();
    void end();

    Session& session_;
    QString folder_;
    QString path_;
    Report report_;
    QList<RunKey> unread_;  // runs whose metrics are not there yet
    std::vector<std::function<void()>> pieces_;
    std::size_t next_ = 0;
    QTimer timer_;
    QTimer patience_;
};

}  // namespace quantoscope
