// Where the window keeps its things.
#pragma once

#include <QString>
#include <QStringList>

namespace quantoscope {

struct SessionPaths {
    QString runs;        ///< run folders
    QString usual_runs;  ///< where they are when the user has not said otherwise
    QString models;      ///< where the installer puts the example model
    QString presets;     ///< the user's own presets, one recipe file each
    QString demo;        ///< working copy of the demo, made when it is opened
    QString queue;       ///< recipes of jobs that wait or run
    QString hub_cache;   ///< where Hugging Face tools keep what they downloaded

    /// Below the user's data location.
    static SessionPaths standard();
    /// All below one folder, for tests.
    static SessionPaths below(const QString& folder);
};

/// Folders that may hold the program's resources: installed beside it, then those of a source tree above a build
/// folder.
QStringList resourceRoots();
/// The example model in the models folder; empty when there is none.
QString exampleModelIn(const SessionPaths& paths);
/// A text that is shipped with the program ("calibration", "evaluation"), installed or in the source tree; empty when
/// there is none.
QString shippedText(const QString& name);
/// The numbers of the study; empty when they are not there.
QString shippedStudy();
/// The licence notices shipped with the program; empty when not found.
QString shippedNotices();

}  // namespace quantoscope
