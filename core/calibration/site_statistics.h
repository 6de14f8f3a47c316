// Gathers what methods need to know of a site's inputs while calibration sequences pass through a block.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/methods/method.h"
#include "core/model/decoder_block.h"

namespace quantoscope {

/// One site's running sums. The same inputs in the same order give the same bytes whatever the number of threads.
class SiteStatisticsAccumulator {
public:
    /// `columns` is the width of the site. The Gram matrix takes 4 * columns^2 bytes.
    explicit SiteStatisticsAccumulator(std::int64_t columns);

    /// Adds some rows; fails on another width, on lack of memory and when the job is stopped.
    Status add(const SiteInput& input, const JobContext& job);
    /// Means and the whole symmetric Gram matrix. Leaves the accumulator empty.
    SiteStatistics finish(std::int64_t sequence_count);

private:
    Status reserve();

    std::int64_t columns_;
    SiteStatistics statistics_;
    std::vector<double> absolute_sums_;
};

}  // namespace quantoscope
