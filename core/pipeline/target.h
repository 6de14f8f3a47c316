// What a person may point evaluate, generate and export at: a model, or a configuration of a run folder.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/formats/model_files.h"
#include "core/pipeline/recipe.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

struct Target {
    std::shared_ptr<const ModelFiles> model;
    std::shared_ptr<const WeightSource> weights;
    std::filesystem::path tokenizer_path;  ///< where openTokenizer looks
    std::shared_ptr<const RunFolder> run;  ///< null for a plain model
    Recipe recipe;                         ///< of the run
    ConfigurationInfo configuration;       ///< of the run
};

/// `configuration` may be empty when the run folder holds one; a configuration that is not finished is an error that
/// says how far it is.
Result<Target> openTarget(const std::filesystem::path& path, WeightDType weight_dtype,
                          const std::string& configuration);

}  // namespace quantoscope
