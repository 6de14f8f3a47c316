// One tensor of a model read for looking at: its values, tile map and histogram.
#pragma once

#include <memory>
#include <stop_token>

#include "app/workbench/session/model_list.h"
#include "core/analysis/layer_record.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

struct TensorPicture {
    std::string name;
    std::shared_ptr<const Matrix> values;
    std::shared_ptr<const TilePyramid> tiles;
    WeightHistogram histogram;  ///< of the values; no grid
    double mean_absolute = 0.0;
    double maximum_absolute = 0.0;
};

/// The name a model's weights go by when computing, for a tensor as stored ("blk.0.attn_q.weight" in GGUF files).
std::string weightName(const std::string& stored_name);
WeightHistogram histogramOf(const Matrix& matrix, int bins);
/// The values alone; a vector becomes a matrix of one row. Refuses what is too large to be held.
Result<Matrix> readTensorValues(const ModelFiles& files, int tensor);
Result<TensorPicture> readTensor(const OpenModel& model, int tensor, const std::stop_token& stop);

}  // namespace quantoscope
