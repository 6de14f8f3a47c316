// What the Inspector says about a run.
#pragma once

#include <vector>

#include "app/workbench/parts/fact_list.h"
#include "app/workbench/session/run_entry.h"

namespace quantoscope {

/// `folder` may be null.
std::vector<FactSection> runFacts(const RunEntry& run, const RunFolderEntry* folder);

}  // namespace quantoscope
