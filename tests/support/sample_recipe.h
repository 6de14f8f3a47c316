// A small recipe for tests that run one: a few calibration windows in order, a few windows of perplexity.
#pragma once

#include <filesystem>
#include <string>

#include "core/pipeline/recipe.h"

namespace quantoscope::test {

/// `text` serves calibration and evaluation. No methods yet: tests name those they mean.
inline Recipe sampleRecipe(const std::filesystem::path& model, const std::filesystem::path& text) {
    Recipe recipe;
    recipe.model = model.string();
    recipe.bits = {3};
    recipe.group_sizes = {64};
    recipe.calibration = {text.string(), 2, 128, 0, Sampling::sequential};
    recipe.evaluations = {{.data = text.string(), .window = 128, .limit = 2}};
    recipe.evaluate_original = true;
    return recipe;
}

}  // namespace quantoscope::test
