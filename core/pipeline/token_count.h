// How many tokens an evaluation reads, from the sizes of its files.
#pragma once

#include "core/pipeline/recipe.h"

namespace quantoscope {

struct TokenCount {
    double read = 0.0;
    double scored = 0.0;  ///< those whose likelihood is computed
};

/// Nothing where the files are not there.
TokenCount tokensOf(const EvaluationRecipe& evaluation);

}  // namespace quantoscope
