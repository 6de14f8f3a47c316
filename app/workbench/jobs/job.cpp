#include "app/workbench/jobs/job.h"

#include <QCoreApplication>

namespace quantoscope {

QString jobStateText(const Job& job) {
    if (job.state == JobState::queued && job.begun) return QCoreApplication::translate("Job", "waiting to continue");
    return jobStateText(job.state);
}

QString jobStateText(JobState state) {
    switch (state) {
        case JobState::queued:
            return QCoreApplication::translate("Job", "waiting");
        case JobState::running:
            return QCoreApplication::translate("Job", "running");
        case JobState::paused:
            return QCoreApplication::translate("Job", "paused");
        case JobState::cancelling:
            return QCoreApplication::translate("Job", "stopping");
        case JobState::done:
            return QCoreApplication::translate("Job", "done");
        case JobState::failed:
            return QCoreApplication::translate("Job", "failed");
        case JobState::cancelled:
            return QCoreApplication::translate("Job", "cancelled");
    }
    return {};
}

QString etaText(double seconds) {
    if (seconds < 0) return {};
    const qint64 total = qRound64(seconds);
    const qint64 minutes = total / 60;
    if (minutes < 60)
        return QCoreApplication::translate("Job", "%1:%2 left").arg(minutes).arg(total % 60, 2, 10, QLatin1Char('0'));
    return QCoreApplication::translate("Job", "%1 h %2 min left")
        .arg(minutes / 60)
        .arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

}  // namespace quantoscope
