// What a recipe needs opened before it can run: shared by the runner and by verify.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/formats/model_files.h"
#include "core/pipeline/manifest.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

struct RunInputs {
    Recipe recipe;  ///< paths made absolute
    std::vector<Configuration> configurations;
    std::shared_ptr<const ModelFiles> model;
    std::shared_ptr<const WeightSource> weights;
    std::vector<std::vector<std::int32_t>> windows;  ///< calibration sequences, empty without data
    Manifest manifest;
};

/// Opens the model, tokenizes the calibration text and draws its windows.
Result<RunInputs> openRunInputs(const Recipe& recipe, JobContext& job);

}  // namespace quantoscope
