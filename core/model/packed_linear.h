// Reading weights straight into the layout of the products (private to core/model).
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"
#include "kernels/matmul/matmul.h"

namespace quantoscope {

kernels::MatmulOperand matmulOperand(Precision precision);

/// Rows [first, first + count) of the matrix `name`, read in slices of a megabyte by all threads at once, so that
/// little more than the packed weights is ever held. The source must be able to read rows without reading the whole
/// matrix.
Result<kernels::PackedMatrix> readPacked(const WeightSource& weights, const std::string& name, std::int64_t first,
                                         std::int64_t count, std::int64_t columns, Precision precision);

/// model.embed_tokens.weight when tied, else lm_head.weight.
std::string headName(const ModelConfig& config);

}  // namespace quantoscope
