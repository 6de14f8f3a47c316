#include "app/workbench/session/folder_watch.h"

#include <QFileSystemWatcher>
#include <QThread>

namespace quantoscope {
namespace {

constexpr unsigned long kPatienceAtEndMs = 2000;

QStringList without(const QStringList& folders, const QStringList& others) {
    QStringList left;
    for (const auto& folder : folders)
        if (!others.contains(folder)) left.append(folder);
    return left;
}

}  // namespace

void FolderWatchAgent::watch(const QStringList& folders) {
    if (watcher_ == nullptr) {
        watcher_ = new QFileSystemWatcher(this);
        connect(watcher_, &QFileSystemWatcher::directoryChanged, this, &FolderWatchAgent::changed);
    }
    const QStringList watched = watcher_->directories();
    if (const auto gone = without(watched, folders); !gone.isEmpty()) watcher_->removePaths(gone);
    if (const auto added = without(folders, watched); !added.isEmpty()) watcher_->addPaths(added);
}

FolderWatch::FolderWatch(QObject* parent) : QObject(parent), thread_(new QThread), agent_(new FolderWatchAgent) {
    agent_->moveToThread(thread_);
    connect(thread_, &QThread::finished, agent_, &QObject::deleteLater);
    connect(agent_, &FolderWatchAgent::changed, this, &FolderWatch::changed);
    thread_->start();
}

/// A thread that a share holds is left behind: the window closes all the same.
FolderWatch::~FolderWatch() {
    thread_->quit();
    if (thread_->wait(kPatienceAtEndMs)) delete thread_;
}

void FolderWatch::setFolders(const QStringList& folders) {
    // Again even if nothing is new: one that was not there can be by now, and the agent asks only for those.
    QMetaObject::invokeMethod(agent_, [agent = agent_, folders] { agent->watch(folders); });
}

}  // namespace quantoscope
