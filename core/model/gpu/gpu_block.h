// A decoder block on a GPU: weights in bfloat16 uploaded once, sequences sent through in chunks that fit the budget.
// Nothing waits inside a pass but for an observer that does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/device/gpu.h"
#include "core/model/activations.h"
#include "core/model/gpu/host_blocks.h"
#include "core/model/model_config.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// The input of the linears at one site as the products see it: rows x columns bfloat16, on the device. What is done
/// with it is queued; the memory is used again after the observer has returned.
struct GpuSiteInput {
    InputSite site;
    std::int64_t first_sequence;
    std::int64_t rows;
    std::int64_t columns;
    const std::uint16_t* values;
};
using GpuSiteObserver = std::function<Status(const GpuSiteInput&)>;

class GpuBlock {
public:
    /// Waits until the weights are there: the host's may be overwritten then.
    static Result<GpuBlock> load(std::shared_ptr<Gpu> gpu, const ModelConfig& config, std::int64_t index,
                                 const HostBlock& weights);

    Status setLinear(LinearRole role, const Matrix& weight);
    Status setInputNorm(std::span<const float> weight);
    Status setPostAttentionNorm(std::span<const float> weight);

    /// As DecoderBlock::forward: `output` may be `input`; null computes only as far as `last_site` needs. The output is
    /// complete when this returns. Where the device has too little room the chunk is halved and a note says so.
    Status forward(const Activations& input, Activations* output, const GpuSiteObserver& observer, JobContext& job,
                   std::optional<InputSite> last_site = std::nullopt);

private:
    friend class GpuPass;
    GpuBlock(std::shared_ptr<Gpu> gpu, const ModelConfig& config, std::int64_t index);
    const std::uint16_t* linear(LinearRole role) const;
    Status setNorm(float* to, std::span<const float> weight);

    std::shared_ptr<Gpu> gpu_;
    ModelConfig config_;
    std::int64_t index_;
    std::vector<float> inverse_frequencies_;
    GpuBytes linears_;  // by LinearRole, behind one another
    GpuBytes norms_;    // the input's, then the post-attention one
};

}  // namespace quantoscope
