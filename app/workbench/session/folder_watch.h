// Tells of changes in folders as the system does, from a thread of its own: to begin to watch a folder on a share that
// hangs takes as long as the share hangs.
#pragma once

#include <QObject>
#include <QStringList>

class QFileSystemWatcher;
class QThread;

namespace quantoscope {

/// The part that lives in the thread.
class FolderWatchAgent : public QObject {
    Q_OBJECT

public:
    void watch(const QStringList& folders);

signals:
    void changed();

private:
    QFileSystemWatcher* watcher_ = nullptr;
};

class FolderWatch : public QObject {
    Q_OBJECT

public:
    explicit FolderWatch(QObject* parent = nullptr);
    ~FolderWatch() override;
    FolderWatch(const FolderWatch&) = delete;
    FolderWatch& operator=(const FolderWatch&) = delete;

    /// These and no others from now on; those that are not there are left out.
    void setFolders(const QStringList& folders);

signals:
    void changed();

private:
    QThread* thread_;
    FolderWatchAgent* agent_;
};

}  // namespace quantoscope
