// Private to analysis: what the error of a linear is made of. Definitions: docs/error-anatomy.md.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/methods/method.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// Adds the metrics "clipping_share", "compensation_share", "outlier_channel_share" and "rounding_share": they add up
/// to one. `error` is W minus its quantized self, in W's coordinates. Channels are weighted by the mean square of their
/// inputs; without statistics all alike. Nothing is added where there is no error, or one that is not finite.
void addErrorAnatomy(const Matrix& weight, const Matrix& error, const QuantizedTensor& quantized,
                     const SiteStatistics* statistics, std::map<std::string, double>& metrics);

/// Which input channels stand out: those with a root mean square above six times the median's. Mean squares of the
/// inputs, or of the columns of W where there are no statistics.
std::vector<char> outlierChannels(const std::vector<double>& mean_squares);

}  // namespace quantoscope
