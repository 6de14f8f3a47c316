// Jobs for the worker, one at a time, in an order the user can change.
#pragma once

#include <QObject>
#include <QTimer>
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
    const Job* running() const;
    int queuedCount() const;
    bool isIdle() const { return running() == nullptr && queuedCount() == 0; }

    int add(const JobRequest& request);
    /// Stops a running job, takes a waiting one out.
    void cancel(int id);
    void cancelAll();
    /// Swaps a waiting job with the one before (-1) or after (+1) it.
    void move(int id, int direction);
    /// Takes a job that is over off the list.
    void dismiss(int id);

signals:
    void changed();  ///< at most about 30 times a second while a job reports
    void started(int id);
    void finished(int id);  ///< exactly once per job that started
    void idle();
    void event(int id, const quantoscope::Event& event);  ///< all but progress
    void logLine(const QString& line);

private:
    Job* job(int id);
    void startNext();
    void take(int id, const Event& event);
    void finish(int id, WorkerProcess::Outcome outcome, const QJsonObject& result, const Error& error);
    void changedSoon();
    static void discard(const Job& job);

    std::vector<Job> jobs_;
    WorkerProcess* process_ = nullptr;
    int running_id_ = 0;
    int last_id_ = 0;
    QTimer throttle_;
};

}  // namespace quantoscope
