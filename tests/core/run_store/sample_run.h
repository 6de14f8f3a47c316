// A small but complete block for the store's tests.
#pragma once

#include <filesystem>
#include <string>

#include "core/analysis/layer_record.h"
#include "core/methods/method.h"

namespace quantoscope::test {

/// A QuantizedTensor of any shape with codes that use the whole range.
inline QuantizedTensor sampleTensor(std::int64_t rows, std::int64_t columns, int bits, std::int64_t group_size) {
    QuantizedTensor tensor;
    tensor.rows = rows;
    tensor.columns = columns;
    tensor.bits = bits;
    tensor.group_size = group_size;
    const std::int64_t groups = (columns + group_size - 1) / group_size;
    tensor.scales = Matrix(rows, groups);
    tensor.zero_points = Matrix(rows, groups);
    for (std::size_t i = 0; i < tensor.scales.values.size(); ++i) {
        tensor.scales.values[i] = 0.1F + 0.01F * static_cast<float>(i);
        tensor.zero_points.values[i] = static_cast<float>(i % (1U << bits));
    }
    for (std::int64_t i = 0; i < rows * columns; ++i)
        tensor.codes.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(i * 7 + i / 3) % (1U << bits)));
    return tensor;
}

inline QuantizedBlock sampleBlock() {
    QuantizedBlock block;
    block.linears[0] = sampleTensor(5, 19, 3, 8);
    block.linears[6] = sampleTensor(7, 16, 4, 16);
    QuantizedTensor& down = *block.linears[6];
    down.symmetric = true;
    down.scale_bits = 16;
    for (auto& scale : down.scales.values) scale = 0.125F;
    down.input_scale.assign(16, 1.5F);
    down.output_scale.assign(7, 0.75F);
    QuantizedTensor& query = *block.linears[0];
    for (std::int32_t j = 0; j < 19; ++j) query.group_index.push_back(j % 3);
    block.vectors["model.layers.4.input_layernorm.weight"] = {1.0F, 2.5F, -3.0F};
    block.solver_error[6] = 0.25;
    block.notes = {"damping raised to 0.03 in mlp.down_proj"};
    return block;
}

inline TilePyramid samplePyramid(float first) {
    TilePyramid pyramid;
    TileLevel level;
    level.rows = 2;
    level.columns = 3;  // 20 x 40 weights
    for (int i = 0; i < 6; ++i) {
        level.mean_absolute.push_back(first * static_cast<float>(i));
        level.max_absolute.push_back(first * 4.0F);
        level.signed_mean.push_back(i % 2 == 0 ? -first : first);
    }
    pyramid.levels.push_back(level);
    return pyramid;
}

inline LayerRecord sampleRecord() {
    LinearRecord linear;
    linear.role = LinearRole::down_proj;
    linear.rows = 20;
    linear.columns = 40;
    linear.metrics = {{"weight_mse", 1.25e-7}, {"weight_sqnr", 21.5}};
    linear.histogram.minimum = -0.5;
    linear.histogram.maximum = 0.75;
    linear.histogram.original_counts.assign(256, 3);
    linear.histogram.quantized_counts.assign(256, 5);
    linear.histogram.grid_row = 2;
    linear.histogram.grid_group = 1;
    linear.histogram.grid_levels = {-0.5F, 0.0F, 0.5F};
    linear.weight_tiles = samplePyramid(0.25F);
    linear.error_tiles = samplePyramid(0.0009765625F * 0.0009765625F);  // 2^-20: below float16's normal range
    linear.salience["magnitude"] = {-3.0, 0.5, std::vector<std::uint64_t>(256, 1), std::vector<float>(40, 0.025F)};
    linear.channel_error.assign(40, 1e-6F);
    linear.groups.group_size = 16;
    for (std::int32_t j = 0; j < 40; ++j) linear.groups.group_index.push_back(j % 3);
    linear.groups.mean_squared_error = {1e-6F, 2e-6F, 3e-6F};
    linear.groups.clipped_share = {0.0F, 0.25F, 0.5F};
    return {4, {linear}, {"a note"}};
}

}  // namespace quantoscope::test
