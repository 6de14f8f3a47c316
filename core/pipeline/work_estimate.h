// Floating point operations of the parts of a run, from shapes alone: what a plan's seconds and a bench's bounds are
// made of.
#pragma once

#include "core/model/model_config.h"

namespace quantoscope {

/// One pass of `tokens` in sequences of `length` through all linears and the causal attention of one block.
double blockPassFlops(const ModelConfig& config, double tokens, double length);
/// The same without the last linear, whose output nobody asks for when only inputs are wanted.
double inputPassFlops(const ModelConfig& config, double tokens, double length);

/// Matrix work on one block apart from passes. `factor` is a Cholesky factor and an inverse for each of the four
/// inputs.
struct BlockWork {
    double gram = 0.0;      ///< second moments of every input, symmetric, over the tokens
    double factor = 0.0;    ///< of every input's second moments
    double solve = 0.0;     ///< column by column with updates of all later columns
    double analysis = 0.0;  ///< output error of every linear, diagonal of every inverse
};
BlockWork blockWork(const ModelConfig& config, double tokens);

}  // namespace quantoscope
