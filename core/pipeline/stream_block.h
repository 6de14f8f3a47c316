// The block a stream is at, wherever it computes: the CPU and the GPU do the same to it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/compute_device.h"
#include "core/methods/method.h"
#include "core/model/activations.h"
#include "core/model/decoder_block.h"
#include "core/model/gpu/host_blocks.h"

namespace quantoscope {

class StreamBlock {
public:
    using Sites = std::array<bool, 4>;  ///< by InputSite
    using Statistics = std::array<std::optional<SiteStatistics>, 4>;

    virtual ~StreamBlock() = default;
    virtual Status setLinear(LinearRole role, const Matrix& weight) = 0;
    virtual Status setInputNorm(std::span<const float> weight) = 0;
    virtual Status setPostAttentionNorm(std::span<const float> weight) = 0;
    /// A pass as far as `last` that gathers statistics of the wanted sites and shows every site's rows to the observer
    /// (may be empty).
    virtual Result<Statistics> gather(const Activations& values, const Sites& wanted, const SiteObserver& observer,
                                      InputSite last, JobContext& job) = 0;
    /// The block's output takes the place of its input.
    virtual Status advance(Activations& values, JobContext& job) = 0;
};

/// Null where the device is the CPU. `weights` must outlive it.
Result<std::shared_ptr<HostBlocks>> hostBlocks(ComputeDevice* device, const WeightSource& weights);

Result<std::unique_ptr<StreamBlock>> loadStreamBlock(const WeightSource& weights, std::int64_t index,
                                                     Precision precision);
Result<std::unique_ptr<StreamBlock>> loadGpuStreamBlock(HostBlocks& blocks, const ModelConfig& config,
                                                        std::int64_t index);

}  // namespace quantoscope
