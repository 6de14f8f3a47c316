// Work away from the GUI thread, answered by value: a newer request replaces the one before it, late answers are
// dropped.
#pragma once

#include <QFutureWatcher>
#include <QObject>
#include <QThreadPool>
#include <QtConcurrentRun>
#include <stop_token>
#include <utility>

namespace quantoscope {

/// Runs `work` on a pool thread and calls `done(answer)` on the receiver's thread, unless the receiver has gone.
template <typename Work, typename Done>
void runInBackground(QObject* receiver, Work work, Done done, QThreadPool* pool = QThreadPool::globalInstance()) {
    using Answer = decltype(work());
    auto* watcher = new QFutureWatcher<Answer>(receiver);
    QObject::connect(watcher, &QFutureWatcher<Answer>::finished, receiver, [watcher, done = std::move(done)]() mutable {
        watcher->deleteLater();
        if (watcher->future().resultCount() > 0) done(watcher->future().result());
    });
    watcher->setFuture(QtConcurrent::run(pool, std::move(work)));
}

/// One question at a time: start() asks the work before it to stop and drops its answer.
class LatestTask {
public:
    explicit LatestTask(QObject* receiver, QThreadPool* pool = QThreadPool::globalInstance())
        : receiver_(receiver), pool_(pool) {}
    ~LatestTask() { stop_.request_stop(); }
    LatestTask(const LatestTask&) = delete;
    LatestTask& operator=(const LatestTask&) = delete;

    /// `work(std::stop_token)` runs on a pool thread.
    template <typename Work, typename Done>
    void start(Work work, Done done) {
        drop();
        const quint64 number = ++number_;
        running_ = true;
        runInBackground(
            receiver_, [work = std::move(work), token = stop_.get_token()]() mutable { return work(token); },
            // NOLINTNEXTLINE(performance-unnecessary-value-param): the answer is moved on
            [this, number, done = std::move(done)](auto answer) mutable {
                if (number != number_) return;
                running_ = false;
                done(std::move(answer));
            },
            pool_);
    }
    /// Forgets what is under way.
    void drop() {
        stop_.request_stop();
        stop_ = std::stop_source();
        ++number_;
        running_ = false;
    }
    bool running() const { return running_; }

private:
    QObject* receiver_;  // outlives this object: it is a member of the receiver
    QThreadPool* pool_;  // outlives this object too
    std::stop_source stop_;
    quint64 number_ = 0;
    bool running_ = false;
};

}  // namespace quantoscope
