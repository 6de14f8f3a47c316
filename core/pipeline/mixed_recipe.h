// From assigned bits to the recipe of a run that has them.
#pragma once

#include "core/mixed_bits/sensitivity.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

/// `measured` is the recipe of the runs the sensitivity was read from: model, calibration and evaluations stay, the
/// sweep becomes one method with these bits. Exports are left out: few formats hold mixed bits.
Recipe mixedRecipe(const Recipe& measured, const Sensitivity& sensitivity, const AssignedBits& assigned);

}  // namespace quantoscope
