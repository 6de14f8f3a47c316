// Turning the command line of `quantize` into a recipe, and running recipes for both `run` and `quantize`.
#pragma once

#include "app/worker/cli/verb.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

/// Flags of the calibration, shared by verbs that calibrate.
std::vector<OptionDescription> calibrationFlags();
CalibrationRecipe calibrationFrom(const Arguments& arguments);
/// Rules for single linears, checked as they are read.
OptionDescription layerBitsFlag(std::string id, std::string help);
/// Runs a recipe into a folder, passing events on; the object that --json prints.
Result<Json> runIntoFolder(const Recipe& recipe, const std::string& folder, Invocation& invocation);
std::string describeRun(const Json& object);

}  // namespace quantoscope
