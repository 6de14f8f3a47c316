// What GPTQ derives from one site's statistics; every linear that reads the site shares it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/gpu_factorization.h"
#include "core/methods/method.h"

namespace quantoscope {

struct GptqFactor {
    std::unique_ptr<float[]>
        values;  ///< n x n upper triangular U with H^-1 = U^T U, in the order of the sweep; null: none exists
    std::shared_ptr<GpuFactorization> on_gpu;  ///< in place of `values` where the block computes on a GPU
    std::vector<std::int32_t> order;           ///< column at each place of the sweep; empty: as they come
    std::vector<std::int32_t> dead;            ///< columns whose input is always zero
    std::string note;                          ///< what had to be done to find it, empty when nothing

    bool exists() const { return values != nullptr || on_gpu != nullptr; }
};

/// H = (2 / sequences) * gram, dead inputs set to 1, `damp_percent` of the mean diagonal added. Where the factorization
/// fails it is tried in float64, then with more damping, then with a floor on the diagonal; the note says which. No
/// factor at all is not an error: the caller rounds to nearest. Where the Gram matrix lies on a GPU that has room the
/// factor is found there.
Result<GptqFactor> gptqFactor(const SiteStatistics& statistics, bool descending_order, double damp_percent,
                              const std::string& site_name, const JobContext& job);

}  // namespace quantoscope
