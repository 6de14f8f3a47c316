// Quantizes one linear of the model at a time, the rest as it is, and measures what becomes of the predictions.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/mixed_bits/divergence_file.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

struct SensitivityMeasurement {
    std::int64_t samples = 4;            ///< of the run's own calibration windows
    std::int64_t sequence_length = 256;  ///< their first tokens
};

/// Reads the codes of a finished configuration and the calibration windows its recipe draws. The activations of all
/// changed models pass through the blocks together, so that each block is loaded once or a few times.
Result<LinearDivergences> measureSensitivity(const std::filesystem::path& run_folder, const std::string& configuration,
                                             const SensitivityMeasurement& wanted, JobContext& job);

}  // namespace quantoscope
