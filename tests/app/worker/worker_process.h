// Runs the built worker as a user would, from a test.
#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>

#include "tests/support/test_files.h"

namespace quantoscope::test {

struct WorkerResult {
    int exit_status = -1;
    QJsonObject object;
    QByteArray errors;
    QString message() const { return object["error"].toObject()["message"].toString(); }
};

inline WorkerResult runWorker(QStringList arguments, int timeout_ms = 300'000) {
    QProcess process;
    process.start(workerProgram(), arguments << QStringLiteral("--json"));
    if (!process.waitForFinished(timeout_ms)) process.kill();
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
            QJsonDocument::fromJson(process.readAllStandardOutput()).object(), process.readAllStandardError()};
}

}  // namespace quantoscope::test
