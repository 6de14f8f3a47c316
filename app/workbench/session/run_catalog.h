// All runs the window knows: those in the runs folder and those opened from elsewhere, kept up to date as workers
// write.
#pragma once

#include <QDateTime>
#include <QElapsedTimer>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "app/workbench/session/background.h"
#include "app/workbench/session/folder_watch.h"
#include "app/workbench/session/run_entry.h"

namespace quantoscope {

class RunCatalog : public QObject {
    Q_OBJECT

public:
    explicit RunCatalog(QString runs_folder, QObject* parent = nullptr);
    ~RunCatalog() override;

    const QString& runsFolder() const { return runs_folder_; }
    /// Lists the runs of another folder from now on; those of the old one leave the list, but for added ones.
    void setRunsFolder(const QString& folder);
    const std::vector<RunFolderEntry>& folders() const { return folders_; }
    const RunEntry* find(const RunKey& key) const;
    const RunFolderEntry* findFolder(const QString& folder) const;
    /// A new folder path below the runs folder: none that is listed, none of `taken`. Looks at no disk.
    QString newRunFolder(const QString& model_name, const QStringList& taken = {}) const;

    /// Lists a run folder that lies elsewhere.
    void addFolder(const QString& folder);
    const QStringList& addedFolders() const { return added_folders_; }
    /// Is the system asked to tell of changes? It does not tell of those that another machine makes on a shared disk:
    /// runs with a living writer and the list of run folders are looked at every other second besides.
    void setWatching(bool watching);
    /// Reads the folders again soon; many calls make one scan.
    void rescan();

    void rename(const QString& folder, const QString& name);
    void annotate(const QString& folder, const QString& text);
    /// Deletes the folder and everything in it; only run folders are touched.
    void remove(const QString& folder);

signals:
    void changed();  ///< something differs from what was listed before
    void failed(const quantoscope::Error& error);
    void runRemoved(const quantoscope::RunKey& key);
    void scanned();  ///< after every scan, also when nothing is new

private:
    void scan();
    void take(std::vector<RunFolderEntry> found);
    void watchAll();
    void lookAround();
    void writeNotes(const QString& folder, const RunNotes& notes);

    QString runs_folder_;
    QStringList added_folders_;
    std::vector<RunFolderEntry> folders_;
    FolderWatch watch_;
    QTimer throttle_;
    QElapsedTimer last_scan_;
    bool watching_ = true;
    bool has_scanned_ = false;
    QDateTime newest_change_;  // in the folders that are being written
    QTimer pulse_;             // a killed worker changes no file, and other machines' changes are not told
    int pulses_ = 0;
    // Its own: a share that hangs must not hold up the rest of the window's work.
    std::unique_ptr<QThreadPool> pool_ = std::make_unique<QThreadPool>();
    LatestTask task_{this, pool_.get()};
    LatestTask looking_{this, pool_.get()};
};

}  // namespace quantoscope
