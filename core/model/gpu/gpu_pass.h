// One pass of sequences through a GpuBlock (private to core/model/gpu).
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/model/gpu/gpu_block.h"
#include "kernels/matmul/matmul.h"

namespace quantoscope {

class GpuPass {
public:
    GpuPass(const GpuBlock& block, const Activations& input, Activations* output, const GpuSiteObserver& observer,
            std::optional<InputSite> last_site)
        : block_(block),
          gpu_(*block.gpu_),
          config_(block.config_),
          input_(input),
          output_(output),
          observer_(observer),
          last_site_(last_site) {}

    Status run(JobContext& job);

private:
    /// Where the parts of a chunk's memory lie.
    struct Chunk {
        float* residual;  ///< tokens x hidden
        std::uint16_t *normed, *q, *k, *v, *attended, *hidden;
        float *first, *second;  ///< float32 results of a tile of tokens
        kernels::CudaRotaryTable rotary;
    };

    std::uint64_t lay(std::int64_t sequences, std::byte* memory);
    Status reserve();
    Status uploadRotary();
    Status send(std::int64_t first);
    Status attention();
    Status mlp();
    Status projectAndRotate();
    Status attend();
    Status gateAndUp();
    Status rotate(const float* x, std::int64_t first, std::int64_t count, std::int64_t heads, std::uint16_t* y);
    Status normalise(const float* weight);
    Status product(LinearRole role, const std::uint16_t* x, std::int64_t tokens, float* y,
                   kernels::MatmulOutput output);
    Status observe(InputSite site, const std::uint16_t* values);
    bool done(InputSite site) const { return output_ == nullptr && last_site_ && *last_site_ <= site; }
    std::int64_t queryWidth() const { return config_.head_count * config_.head_dim; }
    std::int64_t keyWidth() const { return config_.kv_head_count * config_.head_dim; }

    const GpuBlock& block_;
    Gpu& gpu_;
    const ModelConfig& config_;
    const Activations& input_;
    Activations* output_;
    const GpuSiteObserver& observer_;
    std::optional<InputSite> last_site_;
    GpuBytes memory_;
    Chunk chunk_{};
    std::int64_t chunk_sequences_ = 0;
    std::int64_t first_sequence_ = 0;
    std::int64_t sequences_ = 0;  // of the chunk at hand
    std::int64_t tokens_ = 0;
};

}  // namespace quantoscope
