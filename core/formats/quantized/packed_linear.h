// One linear of a checkpoint quantized by others: where its parts are, checked, and how to make weights of them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/formats/quantized_checkpoint.h"

namespace quantoscope {

struct PackedLinear {
    std::string name;  ///< "model.layers.0.mlp.up_proj"
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t groups = 0;
    std::int64_t group_size = 0;  ///< used where there is no g_idx
    int bits = 4;
    CheckpointQuantization::Layout layout = CheckpointQuantization::Layout::gptq;
    bool zero_points_minus_one = false;
    StoredTensor codes;
    StoredTensor zero_points;
    StoredTensor scales;
    std::vector<std::int32_t> group_index;  ///< group of every column
};

/// Finds and checks the parts of linear `name`, rows x columns.
Result<PackedLinear> findPackedLinear(const StoredTensors& tensors, const CheckpointQuantization& quantization,
                                      const std::string& name, std::int64_t rows, std::int64_t columns);

/// Rows [first, first + count) of the weights, row-major.
Status dequantizeRows(const PackedLinear& linear, std::int64_t first, std::int64_t count, std::span<float> values);

}  // namespace quantoscope
