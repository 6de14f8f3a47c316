// Private to analysis: which weights a linear's output error comes from. Definitions: docs/error-anatomy.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/analysis/layer_record.h"
#include "core/methods/method.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// An input channel is an outlier when its root mean square over the calibration tokens is above this many times the
/// median of all channels': six, as many as the standard deviations above which a weight is one.
inline constexpr double kOutlierChannelRatio = 6.0;

/// By input channel. Without any activity (median zero) no channel is an outlier.
std::vector<bool> outlierChannels(const Matrix& gram);

/// Every weight belongs to one part: clipped; else in an outlier channel; else rounded. Sums of D_ij^2 G_jj.
struct ErrorParts {
    double clipped = 0.0;
    double outlier_channels = 0.0;
    double rounded = 0.0;
    std::int64_t clipped_weights = 0;
    std::vector<std::int64_t> clipped_by_group;
};
/// error = W - dequantized W, both rows x columns as in the model. `gram` may be empty: the sums stay 0, weights out of
/// range are counted all the same.
ErrorParts errorParts(const Matrix& weight, const Matrix& error, const QuantizedTensor& quantized, const Matrix& gram);

/// The parts as metrics. `noise` and `signal`: tr(D G D^T) and tr(W G W^T), the latter positive.
void addAnatomyMetrics(const ErrorParts& parts, const Matrix& gram, double noise, double signal,
                       std::map<std::string, double>& metrics);

/// Errors by input group over all rows.
GroupErrors groupErrors(const QuantizedTensor& quantized, const std::vector<float>& channel_error,
                        const ErrorParts& parts);

}  // namespace quantoscope
