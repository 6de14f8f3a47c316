#include "tests/support/test_files.h"

#include <QDir>
#include <QFileInfo>
#include <QProcessEnvironment>

namespace quantoscope::test {

QString sharedFolder() {
    const QString given = qEnvironmentVariable("QUANTOSCOPE_SHARED");
    const QString folder = given.isEmpty() ? QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/../shared") : given;
    return QFileInfo(folder).isDir() ? QDir(folder).canonicalPath() : QString();
}

QString sharedFile(const QString& relative) {
    const QString folder = sharedFolder();
    if (folder.isEmpty()) return {};
    const QString path = folder + QLatin1Char('/') + relative;
    return QFileInfo::exists(path) ? path : QString();
}

QString exampleModel() {
    const QString shared = sharedFile(QStringLiteral("models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"));
    if (!shared.isEmpty()) return shared;
    const QString own =
        QDir::homePath() + QStringLiteral("/.local/share/quantoscope/models/SmolLM2-135M-Instruct.Q4_1.gguf");
    return QFileInfo::exists(own) ? own : QString();
}

QString workerProgram() {
    return QStringLiteral(QUANTOSCOPE_WORKER);
}

}  // namespace quantoscope::test
