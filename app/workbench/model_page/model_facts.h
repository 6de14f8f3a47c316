// What the Inspector says about an open model.
#pragma once

#include <vector>

#include "app/workbench/parts/fact_list.h"
#include "app/workbench/session/model_list.h"

namespace quantoscope {

std::vector<FactSection> modelFacts(const OpenModel& model, const QString& runs_folder);
/// "30 blocks · 134.5 M parameters · 94.5 MB · GGUF v3"
QString modelSummary(const OpenModel& model);

}  // namespace quantoscope
