// Which tokens of the calibration text are fed to the model.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/pipeline/recipe.h"

namespace quantoscope {

/// `samples` windows of `sequence_length` ids.
/// random: starts are Python's random.seed(seed); randint(0, tokens - sequence_length - 1), as GPTQ's loaders draw them
/// (windows may overlap; the very last start is never drawn). sequential: one after the other from the start.
/// A text that is too short is an error that says how many tokens there are and how many are needed.
Result<std::vector<std::vector<std::int32_t>>> calibrationWindows(std::span<const std::int32_t> ids,
                                                                  std::int64_t samples, std::int64_t sequence_length,
                                                                  std::int64_t seed, Sampling sampling);

}  // namespace quantoscope
