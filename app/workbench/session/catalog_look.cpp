#include "app/workbench/session/catalog_look.h"

#include <QDir>
#include <QFileInfo>
#include <algorithm>

#include "core/run_store/run_folder.h"
#include "core/run_store/writer_watch.h"

namespace quantoscope {
namespace {

/// When something was last made, renamed or removed in one of the run folders or a configuration's.
QDateTime newestChange(const QStringList& folders) {
    QDateTime newest;
    const auto look = [&](const QString& path) { newest = std::max(newest, QFileInfo(path).lastModified()); };
    for (const auto& folder : folders) {
        const QString configurations = folder + QStringLiteral("/configurations");
        look(folder);
        look(configurations);
        for (const auto& one : QDir(configurations).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot))
            look(one.filePath());
    }
    return newest;
}

/// One reading of the folder; only what is not known yet is looked into.
bool hasOtherFolders(const CatalogLook& look) {
    QStringList there;
    for (const auto& name : QDir(look.runs_folder).entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        there << QDir(look.runs_folder).absoluteFilePath(name);
    const auto is_new = [&](const QString& folder) {
        return !look.known.contains(folder) && RunFolder::isRunFolder(folder.toStdString());
    };
    const auto is_gone = [&](const QString& folder) { return !there.contains(folder) && !QFileInfo::exists(folder); };
    return std::ranges::any_of(there, is_new) || std::ranges::any_of(look.known, is_gone);
}

}  // namespace

QStringList runFoldersIn(const QString& runs_folder, const QStringList& added) {
    QStringList folders;
    for (const auto& info :
         QDir(runs_folder).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Time | QDir::Reversed))
        if (RunFolder::isRunFolder(info.filePath().toStdString())) folders.append(info.absoluteFilePath());
    for (const auto& folder : added)
        if (!folders.contains(folder) && QFileInfo(folder).isDir()) folders.append(folder);
    return folders;
}

CatalogNews lookAgain(const CatalogLook& look, const std::stop_token& stop) {
    const auto is_written = [&](const QString& folder) {
        return !stop.stop_requested() && hasLiveWriter(folder.toStdString());
    };
    CatalogNews news;
    news.others = hasOtherFolders(look) || !std::ranges::all_of(look.written, is_written) ||
                  std::ranges::any_of(look.quiet, is_written);
    news.newest_change = newestChange(look.written);
    return news;
}

}  // namespace quantoscope
