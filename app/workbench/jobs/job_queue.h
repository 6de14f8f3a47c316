// Jobs for the worker in an order the user can change. One computes at a time; paused ones keep their workers.
#pragma once

#include <QObject>
#include <QTimer>
#include <map>
#include <vector>

#include "app/workbench/jobs/job.h"
#include "app/workbench/jobs/worker_process.h"

namespace quantoscope {

class JobQueue : public QObject {
    Q_OBJECT

public:
    explicit JobQueue(QObject* parent = nullptr);
    ~JobQueue() override;

    const std::vector<Job>& jobs() const { return jobs_; }
    const Job* find(int id) const;
    /// The job that computes; when none does, the first that is paused.
    const Job* running() const;
    int queuedCount() const;
    bool isIdle() const { return running() == nullptr && queuedCount() == 0; }

    /// How long changes of a running job are gathered before they are told.
    void setRefreshMs(int milliseconds) { throttle_.setInterval(milliseconds); }
    static constexpr int kRefreshMs = 33;

    int add(const JobRequest& request);
    /// Words put after every request's own when its worker starts: the user's settings.
    void setCommonArguments(const QStringList& arguments) { common_arguments_ = arguments; }
    /// Stops a running or paused job, takes a waiting one out.
    void cancel(int id);
    void cancelAll();
    /// Stops a running job's worker as it stands. Jobs behind it wait, those that are moved before it run.
    void pause(int id);
    /// Goes on with a paused job: at once, or in its turn when another one computes.
    void resume(int id);
    void resumeAll();
    /// What one button does: pauses a running job, goes on with a paused one.
    void pauseOrResume(int id);
    /// Swaps a waiting or paused job with the waiting or paused one before (-1) or after (+1) it.
    void move(int id, int direction);
    /// Takes a job that is over off the list.
    void dismiss(int id);

signals:
    void changed();  ///< at most about 30 times a second while a job reports
    void started(int id);
    void finished(int id);  ///< exactly once per job that started
    void idle();
    void event(int id, const quantoscope::Event& event);      ///< what is worth keeping
    void reported(int id, const quantoscope::Event& report);  ///< progress and phases
    void logLine(const QString& line);

private:
    Job* job(int id);
    Job* next();
    void startNext();
    void start(Job& job);
    void take(int id, const Event& event);
    void finish(int id, WorkerProcess::Outcome outcome, const QJsonObject& result, const Error& error);
    void changedSoon();
    static void discard(const Job& job);

    std::vector<Job> jobs_;
    std::map<int, WorkerProcess*> processes_;  // by job
    QStringList common_arguments_;
    int last_id_ = 0;
    QTimer throttle_;
};

}  // namespace quantoscope
