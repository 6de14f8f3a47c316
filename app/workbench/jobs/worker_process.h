// One run of the worker program: starts it niced, reads its events and its result, pauses and stops it.
//
// Pausing stops the process as it stands (SIGTSTP, which the worker turns into a stop of its own after it has held its
// clock) and continuing wakes it (SIGCONT). The other way would be to cancel it and to go on from the run folder later:
// that gives its memory back, but does the block at hand twice, opens and embeds the model again, and works only for
// jobs with a run folder. A paused worker keeps its memory and the lock of its run folder; its times and the time left
// do not count the pause.
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
    /// Stops it as it stands, at the latest a quarter of a second later, until resume().
    void pause();
    void resume();

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
    void signalWorker(int number) const;
    void keepPause();
    Error errorFromOutput(int exit_code, QProcess::ExitStatus status) const;

    QProcess process_;
    QTimer kill_timer_;
    QTimer pause_timer_;
    QByteArray pending_;
    QByteArray output_;
    QString last_line_;
    bool cancelled_ = false;
    bool paused_ = false;
};

}  // namespace quantoscope
