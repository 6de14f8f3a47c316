// Which runs of a folder belong together: one method with the same options at several bit widths.
#pragma once

#include <QStringList>
#include <vector>

#include "app/workbench/session/run_entry.h"

namespace quantoscope {

struct BitSweep {
    QString label;          ///< "GPTQ g64"
    QStringList members;    ///< configurations, in recipe order
    QString measured_best;  ///< the run to measure single linears with: the least width from 3 bits on
};

/// The sweeps over bits of a run folder's finished runs, in recipe order; mixed runs belong to none.
std::vector<BitSweep> bitSweeps(const RunFolderEntry& folder);

}  // namespace quantoscope
