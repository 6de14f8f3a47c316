// The single weights of one row and group over the grid they were rounded to.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/methods/quantized_tensor.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// Folded weights that round to a level of the grid without being moved further than half a step: from half a step
/// below the lowest level to half a step above the highest. A thousandth of a step more, so that the arithmetic of the
/// grid itself does not make weights at its ends count as outside.
struct LevelRange {
    float lowest = 0.0F;
    float highest = 0.0F;
};
LevelRange levelRange(const QuantizedTensor& quantized, std::int64_t row, std::int64_t group);

/// In folded coordinates: W(i, j) * input_scale[j] / output_scale[i], where the levels of a group are the same for all
/// its weights. The same as the model's own where the method does not rescale channels.
struct GroupWeights {
    std::int64_t row = 0;
    std::int64_t group = 0;
    std::vector<std::int64_t> channels;  ///< input channels of the group, ascending
    std::vector<float> original;         ///< by channel
    std::vector<float> quantized;        ///< by channel: always one of the levels
    std::vector<float> levels;           ///< by code
    std::vector<bool> clipped;           ///< by channel: outside the range
    bool folded = false;                 ///< the method rescales channels
};
/// Errors: another shape of W, or a row or group that is not there. `quantized` is a valid tensor.
Result<GroupWeights> groupWeights(const Matrix& weight, const QuantizedTensor& quantized, std::int64_t row,
                                  std::int64_t group);

}  // namespace quantoscope
