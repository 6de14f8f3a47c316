// One piece of work for the worker program, and how it stands.
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include "core/base/result.h"

namespace quantoscope {

struct JobRequest {
    QString title;          ///< "RTN, GPTQ, AWQ × 8 4 3 bits on SmolLM2"
    QStringList arguments;  ///< of quantoscope-worker, verb first; --events and --json are added
    QString run_folder;     ///< the folder it writes to; empty when none
    QString owned_file;     ///< a file to delete when the job leaves the list (the recipe written for it)
};

/// A job that was paused and waits for its turn to go on is `queued` with `begun` set.
enum class JobState { queued, running, paused, cancelling, done, failed, cancelled };

struct Job {
    int id = 0;
    JobRequest request;
    JobState state = JobState::queued;
    bool begun = false;     ///< has a worker
    QString stage;          ///< in words, of the worker
    QString configuration;  ///< being worked on
    int block = -1;
    double fraction = -1.0;     ///< -1: not known
    double eta_seconds = -1.0;  ///< -1: not known
    qint64 memory_bytes = 0;
    qint64 device_bytes = 0;  ///< of a GPU's memory, held after the last block
    Error error;              ///< when failed
    QJsonObject result;       ///< when done

    /// Does its worker compute?
    bool isAtWork() const { return state == JobState::running || state == JobState::cancelling; }
    bool isActive() const { return isAtWork() || state == JobState::paused; }
    bool isOver() const { return !isActive() && state != JobState::queued; }
};

/// "running", "waiting", …: for people.
QString jobStateText(JobState state);
/// The same; tells one that waits for its turn to go on from one that has not begun.
QString jobStateText(const Job& job);
/// "1:12 left", "2 h 05 min left", empty when unknown.
QString etaText(double seconds);

}  // namespace quantoscope
