#include "app/workbench/jobs/worker_process.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>

#ifdef Q_OS_UNIX
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>
#endif

namespace quantoscope {
namespace {

constexpr int kKillAfterMs = 5000;
constexpr int kNiceness = 10;
constexpr int kKeepPauseMs = 250;
constexpr qsizetype kLongestLine = 1 << 20;
constexpr qsizetype kLargestResult = 256 << 20;

}  // namespace

QString findWorkerProgram() {
    const QString given = qEnvironmentVariable("QUANTOSCOPE_WORKER");
    if (!given.isEmpty()) return QFileInfo(given).isExecutable() ? given : QString();
    const QString beside = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("quantoscope-worker"));
    return QFileInfo(beside).isExecutable() ? beside : QString();
}

WorkerProcess::WorkerProcess(QObject* parent) : QObject(parent) {
    kill_timer_.setSingleShot(true);
    kill_timer_.setInterval(kKillAfterMs);
    connect(&kill_timer_, &QTimer::timeout, &process_, &QProcess::kill);
    pause_timer_.setSingleShot(true);
    pause_timer_.setInterval(kKeepPauseMs);
    connect(&pause_timer_, &QTimer::timeout, this, &WorkerProcess::keepPause);
    connect(&process_, &QProcess::started, this, [this] {
        if (paused_) pause();
    });
    connect(&process_, &QProcess::readyReadStandardError, this, &WorkerProcess::readEvents);
    connect(&process_, &QProcess::readyReadStandardOutput, this, [this] {
        output_ += process_.readAllStandardOutput();
        if (output_.size() > kLargestResult) process_.kill();
    });
    connect(&process_, &QProcess::finished, this, &WorkerProcess::end);
    connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) failToStart();
    });
#ifdef Q_OS_UNIX
    // nice() only lowers the child's priority; failing to do so is no reason not to run. A run outlives its window: one
    // that was paused when the window went away must not stay so for ever, so the system wakes it then.
    process_.setChildProcessModifier([] {
        [[maybe_unused]] const int niceness = ::nice(kNiceness);
        ::prctl(PR_SET_PDEATHSIG, SIGCONT);
    });
#endif
}

WorkerProcess::~WorkerProcess() {
    disconnect(&process_, nullptr, this, nullptr);
    if (process_.state() != QProcess::NotRunning) process_.kill();
}

void WorkerProcess::start(const QString& program, const QStringList& arguments) {
    if (program.isEmpty()) {
        QMetaObject::invokeMethod(this, &WorkerProcess::failToStart, Qt::QueuedConnection);
        return;
    }
    process_.start(program, arguments, QIODevice::ReadOnly);
}

void WorkerProcess::cancel() {
    cancelled_ = true;
    process_.terminate();
    if (paused_) resume();  // asleep it would not hear
    kill_timer_.start();
}

void WorkerProcess::signalWorker(int number) const {
    if (process_.state() == QProcess::Running) ::kill(static_cast<pid_t>(process_.processId()), number);
}

void WorkerProcess::pause() {
    paused_ = true;
    signalWorker(SIGTSTP);
    pause_timer_.start();
}

void WorkerProcess::resume() {
    paused_ = false;
    signalWorker(SIGCONT);
    pause_timer_.start();
}

/// A worker that has just been started does not listen yet, or two signals crossed: what was asked for last holds.
void WorkerProcess::keepPause() {
    signalWorker(paused_ ? SIGSTOP : SIGCONT);
}

void WorkerProcess::readEvents() {
    pending_ += process_.readAllStandardError();
    qsizetype begin = 0;
    for (qsizetype end = pending_.indexOf('\n'); end >= 0; end = pending_.indexOf('\n', begin)) {
        takeLine(pending_.mid(begin, end - begin));
        begin = end + 1;
    }
    pending_.remove(0, begin);
    if (pending_.size() > kLongestLine) pending_.clear();
}

void WorkerProcess::takeLine(const QByteArray& line) {
    if (line.trimmed().isEmpty()) return;
    if (line.startsWith('{')) {
        if (auto parsed = parseEvent(line.toStdString())) {
            emit event(*parsed);
            return;
        }
    }
    last_line_ = QString::fromUtf8(line);
    emit logLine(last_line_);
}

void WorkerProcess::failToStart() {
    Error error;
    error.message =
        "The worker program quantoscope-worker could not be started: reinstall Quantoscope, or set QUANTOSCOPE_WORKER "
        "to its path";
    error.cause = process_.errorString().toStdString();
    emit finished(Outcome::failed, {}, error);
}

Error WorkerProcess::errorFromOutput(int exit_code, QProcess::ExitStatus status) const {
    Error error;
    const auto object = QJsonDocument::fromJson(output_).object().value(QLatin1String("error")).toObject();
    error.message = object.value(QLatin1String("message")).toString().toStdString();
    error.cause = object.value(QLatin1String("cause")).toString().toStdString();
    error.path = object.value(QLatin1String("path")).toString().toStdString();
    if (!error.message.empty()) return error;
    error.message =
        status == QProcess::CrashExit
            ? "The worker stopped unexpectedly: run it again to go on from the last finished block"
            : "The worker ended with exit status " + std::to_string(exit_code) + ": its last lines are in the log";
    error.cause = last_line_.toStdString();
    return error;
}

void WorkerProcess::end(int exit_code, QProcess::ExitStatus status) {
    kill_timer_.stop();
    pause_timer_.stop();
    readEvents();
    output_ += process_.readAllStandardOutput();
    if (status == QProcess::NormalExit && exit_code == 0) {
        emit finished(Outcome::done, QJsonDocument::fromJson(output_).object(), {});
    } else if (cancelled_ || (status == QProcess::NormalExit && exit_code == 3)) {
        emit finished(Outcome::cancelled, {}, {});
    } else {
        emit finished(Outcome::failed, {}, errorFromOutput(exit_code, status));
    }
}

}  // namespace quantoscope
