// Private to analysis: histograms of weights and of salience scores.
#pragma once

#include <vector>

#include "core/analysis/layer_record.h"
#include "core/methods/method.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// `quantized` may be null: no grid is drawn.
/// 256 bins over the common range of W and its quantized self; non-finite values are left out. The grid drawn is that
/// of the row and group with the largest scale; where a method rescales channels, as it stands at the group's column
/// with the smallest input scale (the widest there).
WeightHistogram weightHistogram(const Matrix& weight, const Matrix& dequantized, const QuantizedTensor* quantized);

/// Salience by each definition whose data are there. `statistics` and `inverse_diagonal` may be null.
std::map<std::string, SalienceSummary> salienceSummaries(const Matrix& weight, const SiteStatistics* statistics,
                                                         const std::vector<float>* inverse_diagonal);

}  // namespace quantoscope
