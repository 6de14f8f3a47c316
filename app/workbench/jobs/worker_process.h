// One run of the worker program: starts it niced, reads its events and its result, stops it.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QTimer>

#include "core/base/result.h"
#include "core/pipeline/events.h"

namespace quantoscope {

/// Where the worker is: QUANTOSCOPE_WORKER, else beside this program; empty when it is in neither place.
QString findWorkerProgram();

class WorkerProcess : public QObject {
    Q_OBJECT

public:
    enum class Outcome { done, failed, cancelled };

    explicit WorkerProcess(QObject* parent = nullptr);
    ~WorkerProcess() override;

    void start(const QString& program, const QStringList& arguments);
    /// Asks it to stop (SIGTERM); it is killed when it has not ended five seconds later.
    void cancel();

signals:
    void event(const quantoscope::Event& event);
    void logLine(const QString& line);  ///< what it wrote on stderr besides events
    void finished(quantoscope::WorkerProcess::Outcome outcome, const QJsonObject& result,
                  const quantoscope::Error& error);

private:
    void readEvents();
    void takeLine(const QByteArray& line);
    void end(int exit_code, QProcess::ExitStatus status);
    void failToStart();
    Error errorFromOutput(int exit_code, QProcess::ExitStatus status) const;

    QProcess process_;
    QTimer kill_timer_;
    QByteArray pending_;
    QByteArray output_;
    QString last_line_;
    bool cancelled_ = false;
};

}  // namespace quantoscope
