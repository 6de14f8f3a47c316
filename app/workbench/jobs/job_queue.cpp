#include "app/workbench/jobs/job_queue.h"

#include <QFile>
#include <algorithm>

namespace quantoscope {

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
    auto found = std::ranges::find_if(jobs_, &Job::isAtWork);
    if (found == jobs_.end()) found = std::ranges::find(jobs_, JobState::paused, &Job::state);
    return found == jobs_.end() ? nullptr : &*found;
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

/// The first job that is not over, when it waits: one that is paused holds up those behind it.
Job* JobQueue::next() {
    const auto found = std::ranges::find_if(jobs_, [](const Job& job) { return !job.isOver(); });
    return found != jobs_.end() && found->state == JobState::queued ? &*found : nullptr;
}

void JobQueue::startNext() {
    if (std::ranges::any_of(jobs_, &Job::isAtWork)) return;
    auto* job = next();
    if (job == nullptr) {
        if (isIdle()) emit idle();
        return;
    }
    job->state = JobState::running;
    if (job->begun)
        processes_.at(job->id)->resume();
    else
        start(*job);
    emit changed();
}

void JobQueue::start(Job& job) {
    const int id = job.id;
    const QStringList arguments = job.request.arguments + common_arguments_;
    job.begun = true;
    auto* process = new WorkerProcess(this);
    processes_[id] = process;
    connect(process, &WorkerProcess::event, this, [this, id](const Event& event) { take(id, event); });
    connect(process, &WorkerProcess::logLine, this, &JobQueue::logLine);
    connect(process, &WorkerProcess::finished, this,
            [this, id](WorkerProcess::Outcome outcome, const QJsonObject& result, const Error& error) {
                finish(id, outcome, result, error);
            });
    emit logLine(QStringLiteral("quantoscope-worker ") + arguments.join(QLatin1Char(' ')));
    process->start(findWorkerProgram(), arguments + QStringList{QStringLiteral("--json"), QStringLiteral("--events")});
    emit started(id);
}

void JobQueue::take(int id, const Event& event) {
    auto* target = job(id);
    if (target == nullptr) return;
    if (!event.configuration.empty()) target->configuration = QString::fromStdString(event.configuration);
    if (event.memory_bytes > 0) target->memory_bytes = event.memory_bytes;
    if (event.kind == EventKind::device) {
        target->device_bytes = 0;
        for (const auto& part : event.device_memory) target->device_bytes += part.bytes;
    }
    if (event.kind == EventKind::progress) {
        target->stage = QString::fromStdString(event.text);
        target->fraction = event.fraction;
        target->eta_seconds = event.eta_seconds;
        target->block = static_cast<int>(event.block);
    }
    if (event.kind == EventKind::progress || event.kind == EventKind::phases || event.kind == EventKind::device)
        emit reported(id, event);
    else
        emit this->event(id, event);
    changedSoon();
}

void JobQueue::finish(int id, WorkerProcess::Outcome outcome, const QJsonObject& result, const Error& error) {
    processes_.at(id)->deleteLater();
    processes_.erase(id);
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
    if (!target->begun) {
        target->state = JobState::cancelled;
        emit changed();
        startNext();
        return;
    }
    target->state = JobState::cancelling;
    processes_.at(id)->cancel();
    emit changed();
}

void JobQueue::cancelAll() {
    // Waiting ones first, so that none of them starts in the place of one that ends.
    for (auto& job : jobs_)
        if (job.state == JobState::queued && !job.begun) job.state = JobState::cancelled;
    for (auto& job : jobs_) {
        if (job.isOver() || job.state == JobState::cancelling) continue;
        job.state = JobState::cancelling;
        processes_.at(job.id)->cancel();
    }
    emit changed();
}

void JobQueue::pause(int id) {
    auto* target = job(id);
    if (target == nullptr || target->state != JobState::running) return;
    target->state = JobState::paused;
    processes_.at(id)->pause();
    emit changed();
}

void JobQueue::resume(int id) {
    auto* target = job(id);
    if (target == nullptr || target->state != JobState::paused) return;
    target->state = JobState::queued;
    // What the user asks for goes first among those that wait, so that it is not held up by another paused one.
    const auto found = std::ranges::find(jobs_, id, &Job::id);
    const auto first = std::ranges::find_if(
        jobs_, [](const Job& job) { return job.state == JobState::queued || job.state == JobState::paused; });
    std::rotate(first, found, std::next(found));
    emit changed();
    startNext();
}

void JobQueue::pauseOrResume(int id) {
    const auto* target = find(id);
    if (target == nullptr) return;
    if (target->state == JobState::paused)
        resume(id);
    else
        pause(id);
}

void JobQueue::resumeAll() {
    for (auto& job : jobs_)
        if (job.state == JobState::paused) job.state = JobState::queued;
    emit changed();
    startNext();
}

void JobQueue::move(int id, int direction) {
    const auto movable = [](const Job& job) { return job.state == JobState::queued || job.state == JobState::paused; };
    const auto found = std::ranges::find(jobs_, id, &Job::id);
    if (found == jobs_.end() || !movable(*found)) return;
    for (auto other = found;;) {
        if (direction < 0 && other == jobs_.begin()) return;
        other += direction < 0 ? -1 : 1;
        if (other == jobs_.end()) return;
        if (!movable(*other)) continue;
        std::iter_swap(found, other);
        break;
    }
    emit changed();
    startNext();
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
