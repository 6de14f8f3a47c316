// What a recipe will take, before anything runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/formats/model_files.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

struct PlanPhase {
    std::string label;     ///< "Calibrate and solve gptq-w4-g64"
    double seconds = 0.0;  ///< estimate on this machine
};

struct Plan {
    std::vector<Configuration> configurations;
    std::vector<PlanPhase> phases;
    double seconds = 0.0;
    std::int64_t memory_bytes = 0;  ///< peak, estimate
    std::int64_t disk_bytes = 0;    ///< run folder with codes and exports, estimate
    std::vector<std::string> warnings;
};

/// Opens the model from headers, checks every data file and the sweep. The first thing that is wrong is the error.
Result<Plan> planRecipe(const Recipe& recipe);
/// The same for a model that is already open (the window calls it at each change).
Result<Plan> planRecipe(const Recipe& recipe, const ModelFiles& model);

}  // namespace quantoscope
