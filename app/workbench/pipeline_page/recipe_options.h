// The parts of a recipe that are not a method's, described like method options so that the same form shows them.
#pragma once

#include <vector>

#include "core/base/option.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

/// Sampling of the calibration text.
const std::vector<OptionDescription>& calibrationOptions();
OptionValues calibrationValues(const CalibrationRecipe& calibration);
/// `values` may leave out defaults; ones that do not fit the descriptions change nothing.
void setCalibration(CalibrationRecipe& calibration, const OptionValues& values);

/// What an evaluation on this benchmark can be told; none for an unknown benchmark.
const std::vector<OptionDescription>& evaluationOptions(const std::string& benchmark);
OptionValues evaluationValues(const EvaluationRecipe& evaluation);
void setEvaluation(EvaluationRecipe& evaluation, const OptionValues& values);

/// What holds for the whole recipe.
const std::vector<OptionDescription>& recipeOptions();
OptionValues recipeValues(const Recipe& recipe);
void setRecipe(Recipe& recipe, const OptionValues& values);

}  // namespace quantoscope
