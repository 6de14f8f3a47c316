// Looks at the disk for what the system does not tell of: what other machines write on a share. Not for the GUI thread.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <stop_token>

namespace quantoscope {

/// Run folders below `runs_folder`, oldest first, and those of `added` that are there.
QStringList runFoldersIn(const QString& runs_folder, const QStringList& added);

/// What the list of runs says now.
struct CatalogLook {
    QString runs_folder;
    QStringList known;    ///< all folders
    QStringList written;  ///< those with a living writer
    QStringList quiet;    ///< those without one that are to be looked at
};
struct CatalogNews {
    bool others = false;      ///< a folder came or went, or a writer
    QDateTime newest_change;  ///< in the folders that are being written
};
CatalogNews lookAgain(const CatalogLook& look, const std::stop_token& stop);

}  // namespace quantoscope
