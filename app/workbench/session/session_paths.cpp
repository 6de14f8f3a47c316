#include "app/workbench/session/session_paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "core/formats/cached_models.h"

namespace quantoscope {

QStringList resourceRoots() {
    QDir folder(QCoreApplication::applicationDirPath());
    QStringList roots{folder.filePath(QStringLiteral("../share/quantoscope")),
                      folder.filePath(QStringLiteral("resources"))};
    for (int level = 0; level < 7 && folder.cdUp(); ++level) roots.append(folder.filePath(QStringLiteral("resources")));
    return roots;
}

SessionPaths SessionPaths::standard() {
    auto paths =
        below(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/quantoscope"));
    paths.hub_cache = QString::fromStdString(userHubCache().string());
    return paths;
}

SessionPaths SessionPaths::below(const QString& folder) {
    SessionPaths paths;
    paths.runs = folder + QStringLiteral("/runs");
    paths.usual_runs = paths.runs;
    paths.models = folder + QStringLiteral("/models");
    paths.presets = folder + QStringLiteral("/presets");
    paths.demo = folder + QStringLiteral("/demo");
    paths.queue = folder + QStringLiteral("/queue");
    paths.hub_cache = folder + QStringLiteral("/hub");
    for (const auto& path : {paths.runs, paths.presets, paths.queue}) QDir().mkpath(path);
    return paths;
}

QString exampleModelIn(const SessionPaths& paths) {
    const auto found = QDir(paths.models).entryInfoList({QStringLiteral("*.gguf")}, QDir::Files, QDir::Name);
    return found.isEmpty() ? QString() : found.first().absoluteFilePath();
}

QString shippedText(const QString& name) {
    for (const auto& root : resourceRoots()) {
        const auto found =
            QDir(root + QStringLiteral("/text")).entryInfoList({name + QStringLiteral("*.txt")}, QDir::Files);
        if (!found.isEmpty()) return found.first().canonicalFilePath();
    }
    return {};
}

QString shippedStudy() {
    for (const auto& root : resourceRoots())
        if (const QString path = root + QStringLiteral("/study/scores.json"); QFileInfo::exists(path))
            return QFileInfo(path).canonicalFilePath();
    return {};
}

QString shippedNotices() {
    for (const auto& root : resourceRoots())
        for (const auto* name : {"/THIRD-PARTY-NOTICES.md", "/../THIRD-PARTY-NOTICES.md"})
            if (QFileInfo::exists(root + QLatin1String(name)))
                return QFileInfo(root + QLatin1String(name)).canonicalFilePath();
    return {};
}

}  // namespace quantoscope
