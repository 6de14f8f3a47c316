// Looks for values that no weight should have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/formats/model_files.h"

namespace quantoscope {

struct NonFiniteCount {
    std::string tensor;  ///< as stored
    std::uint64_t count = 0;
};

/// NaN and infinities per tensor, for tensors that have some. Reads everything; tensors of types that are not
/// computed with (integers, packed codes) are passed over.
Result<std::vector<NonFiniteCount>> countNonFinite(const ModelFiles& model, JobContext& job);

}  // namespace quantoscope
