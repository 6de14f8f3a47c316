// Does what a recipe says, into a run folder; or goes on where an earlier worker was stopped.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/compute_device.h"
#include "core/pipeline/progress_meter.h"
#include "core/pipeline/recipe.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

struct RunSummary {
    std::string state;  ///< "done"
    std::vector<ConfigurationInfo> configurations;
};

/// Everything that can be found wrong before work begins is (model, data, sweep, folder, disk space). A finished run is
/// a no-op. Evaluations and exports may be added to the recipe of a run; a change of model, calibration or arithmetic
/// is refused with the difference named. A run stays on the device it began on; `auto` takes that one.
Result<RunSummary> runRecipe(const Recipe& recipe, const std::filesystem::path& run_folder, const EventSink& events,
                             JobContext& job, const DeviceChoice& choice = {});

}  // namespace quantoscope
