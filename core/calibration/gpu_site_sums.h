// Gathers on a GPU what methods need to know of a site's inputs, in the pass that computes them.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/result.h"
#include "core/device/gpu.h"
#include "core/methods/method.h"
#include "core/model/gpu/gpu_block.h"

namespace quantoscope {

/// One site's running sums on the device. The Gram matrix takes 4 * columns^2 bytes there.
class GpuSiteSums {
public:
    static Result<GpuSiteSums> make(std::shared_ptr<Gpu> gpu, std::int64_t columns);

    /// Queues the addition of some rows.
    Status add(const GpuSiteInput& input);
    /// Means, maxima and the whole symmetric Gram matrix on the host; the matrix also stays on the device as gpu_gram.
    /// Waits.
    Result<SiteStatistics> finish(std::int64_t sequence_count);

private:
    explicit GpuSiteSums(std::shared_ptr<Gpu> gpu) : gpu_(std::move(gpu)) {}

    std::shared_ptr<Gpu> gpu_;
    std::int64_t columns_ = 0;
    std::int64_t token_count_ = 0;
    std::shared_ptr<GpuBytes> gram_;
    GpuBytes absolute_sums_;
    GpuBytes maxima_;
};

}  // namespace quantoscope
