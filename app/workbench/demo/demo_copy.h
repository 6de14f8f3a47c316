// The demo's working copy: the files that ship with the program, in the user's data folder, where a run may name them
// for as long as the user likes.
#pragma once

#include <QString>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

/// The demo shipped with the program, installed or in the source tree; empty when there is none.
QString shippedDemo();

struct DemoCopy {
    int files = 0;    ///< the demo has
    int written = 0;  ///< were missing or had other bytes; 0: the copy was complete and current
};

/// Makes `target` hold every file of the demo at `source` with the same bytes. A file that is right stays, one that is
/// not is written under a temporary name, synced and renamed; files of the user beside them are never touched, files of
/// an earlier demo that this one lacks are removed. The scripts that train the demo model are left out.
Result<DemoCopy> refreshDemoCopy(const QString& source, const QString& target, const JobContext& job);

}  // namespace quantoscope
