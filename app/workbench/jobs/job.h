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

enum class JobState { queued, running, cancelling, done, failed, cancelled };

struct Job {
    int id = 0;
    JobRequest request;
    JobState state = JobState::queued;
    QString stage;          ///< in words, of the worker
    QString configuration;  ///< being worked on
    int block = -1;
    double fraction = -1.0;     ///< -1: not known
    double eta_seconds = -1.0;  ///< -1: not known
    qint64 memory_bytes = 0;
    Error error;         ///< when failed
    QJsonObject result;  ///< when done

    bool isActive() const { return state == JobState::running || state == JobState::cancelling; }
    bool isOver() const { return !isActive() && state != JobState::queued; }
};

/// "running", "waiting", …: for people.
QString jobStateText(JobState state);
/// "1:12 left", "2 h 05 min left", empty when unknown.
QString etaText(double seconds);

}  // namespace quantoscope
