#include "app/workbench/jobs/job_queue.h"

#include <QFile>
#include <algorithm>

namespace quantoscope {
namespace {

constexpr int kRefreshMs = 33;

}  // namespace

JobQueue::JobQueue(QObject* parent) : QObject(parent) {
    throttle_.setSingleShot(true);
    throttle_.setInterval(kRefreshMs);
    connect(&throttle_, &QTimer::timeout, this, &JobQueue::changed);
}

JobQueue::~JobQueue() {
    for (const auto& job : jobs_) discard(job);
}

const Job* JobQueue::find(int id) const {
    const auto found = std::ranges::find(jobs_, id, &Job::id);
    return found == jobs_.end() ? nullptr : &*found;
}

Job* JobQueue::job(int id) {
    const auto found = std::ranges::find(jobs_, id, &Job::id);
    return found == jobs_.end() ? nullptr : &*found;
}

const Job* JobQueue::running() const {
    return process_ != nullptr ? find(running_id_) : nullptr;
}

int JobQueue::queuedCount() const {
    return static_cast<int>(std::ranges::count(jobs_, JobState::queued, &Job::state));
}

int JobQueue::add(const JobRequest& request) {
    Job added;
    added.id = ++last_id_;
    added.request = request;
    jobs_.push_back(std::move(added));
    emit changed();
    startNext();
    return last_id_;
}

void JobQueue::startNext() {
    if (process_ != nullptr) return;
    const auto next = std::ranges::find(jobs_, JobState::queued, &Job::state);
    if (next == jobs_.end()) {
        emit idle();
        return;
    }
    next->state = JobState::running;
    const int id = next->id;
    const QStringList arguments = next->request.arguments;
    running_id_ = id;
    process_ = new WorkerProcess(this);
    connect(process_, &WorkerProcess::event, this, [this, id](const Event& event) { take(id, event); });
    connect(process_, &WorkerProcess::logLine, this, &JobQueue::logLine);
    connect(process_, &WorkerProcess::finished, this,
            [this, id](WorkerProcess::Outcome outcome, const QJsonObject& result, const Error& error) {
                finish(id, outcome, result, error);
            });
    emit logLine(QStringLiteral("quantoscope-worker ") + arguments.join(QLatin1Char(' ')));
    process_->start(findWorkerProgram(), arguments + QStringList{QStringLiteral("--json"), QStringLiteral("--events")});
    emit started(id);
    emit changed();
}

void JobQueue::take(int id, const Event& event) {
    auto* target = job(id);
    if (target == nullptr) return;
    if (!event.configuration.empty()) target->configuration = QString::fromStdString(event.configuration);
    if (event.memory_bytes > 0) target->memory_bytes = event.memory_bytes;
    if (event.kind == EventKind::progress) {
        target->stage = QString::fromStdString(event.text);
        target->fraction = event.fraction;
        target->eta_seconds = event.eta_seconds;
        target->block = static_cast<int>(event.block);
    } else {
        emit this->event(id, event);
    }
    changedSoon();
}

void JobQueue::finish(int id, WorkerProcess::Outcome outcome, const QJsonObject& result, const Error& error) {
    process_->deleteLater();
    process_ = nullptr;
    if (auto* target = job(id)) {
        target->state = outcome == WorkerProcess::Outcome::done        ? JobState::done
                        : outcome == WorkerProcess::Outcome::cancelled ? JobState::cancelled
                                                                       : JobState::failed;
        target->result = result;
        target->error = error;
        target->eta_seconds = -1.0;
    }
    emit finished(id);
    emit changed();
    startNext();
}

void JobQueue::cancel(int id) {
    auto* target = job(id);
    if (target == nullptr || target->isOver()) return;
    if (target->state == JobState::queued) {
        target->state = JobState::cancelled;
        emit changed();
        return;
    }
    target->state = JobState::cancelling;
    process_->cancel();
    emit changed();
}

void JobQueue::cancelAll() {
    for (auto& job : jobs_)
        if (job.state == JobState::queued) job.state = JobState::cancelled;
    if (const auto* job = running())
        cancel(job->id);
    else
        emit changed();
}

void JobQueue::move(int id, int direction) {
    const auto found = std::ranges::find(jobs_, id, &Job::id);
    if (found == jobs_.end() || found->state != JobState::queued) return;
    for (auto other = found;;) {
        if (direction < 0 && other == jobs_.begin()) return;
        other += direction < 0 ? -1 : 1;
        if (other == jobs_.end()) return;
        if (other->state != JobState::queued) continue;
        std::iter_swap(found, other);
        break;
    }
    emit changed();
}

void JobQueue::dismiss(int id) {
    const auto found = std::ranges::find(jobs_, id, &Job::id);
    if (found == jobs_.end() || !found->isOver()) return;
    discard(*found);
    jobs_.erase(found);
    emit changed();
}

void JobQueue::discard(const Job& job) {
    if (!job.request.owned_file.isEmpty()) QFile::remove(job.request.owned_file);
}

void JobQueue::changedSoon() {
    if (!throttle_.isActive()) throttle_.start();
}

}  // namespace quantoscope
