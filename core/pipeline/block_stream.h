// The calibration sequences on their way through the model, and the block they are at.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/methods/method.h"
#include "core/mixed_bits/layer_bits.h"
#include "core/model/activations.h"
#include "core/model/decoder_block.h"
#include "core/model/weight_source.h"
#include "core/pipeline/stream_block.h"

namespace quantoscope {

/// One stream of calibration activations. The full-precision stream is shared by every configuration that calibrates on
/// the original model; a configuration that propagates quantized blocks has a stream of its own.
class BlockStream {
public:
    /// `on_gpu`: blocks compute on its GPU; null: on the CPU.
    BlockStream(std::shared_ptr<const WeightSource> weights, Precision precision, Activations embedded,
                std::shared_ptr<HostBlocks> on_gpu = nullptr);
    BlockStream(const BlockStream&) = delete;
    BlockStream& operator=(const BlockStream&) = delete;

    const WeightSource& weights() const { return *weights_; }
    Precision precision() const { return precision_; }
    const Activations& input() const { return values_; }
    bool hasData() const { return values_.sequence_count > 0; }
    std::int64_t blockIndex() const { return block_index_; }
    Gpu* gpu() const { return on_gpu_ == nullptr ? nullptr : on_gpu_->gpu().get(); }

    /// Goes to block `index` with its original weights; statistics of the block before are dropped.
    void enterBlock(std::int64_t index);
    /// Frees what the block holds.
    void leaveBlock();
    /// Statistics of one site with the linears as they are now; a pass through the block gathers the sites asked for.
    Result<const SiteStatistics*> statistics(InputSite site, JobContext& job);
    Status gather(std::span<const InputSite> sites, JobContext& job);
    /// A pass that shows every site's rows; statistics not known yet are gathered with it.
    Status observe(const SiteObserver& observer, JobContext& job);
    /// diag(H^-1) of a site for the salience views, computed once for the statistics at hand.
    Result<const std::vector<float>*> inverseDiagonal(InputSite site, JobContext& job);
    /// Exchanges a linear; statistics of sites computed after it are dropped.
    Status replace(LinearRole role, const Matrix& weight);
    /// Puts a whole quantized block in place.
    Status apply(const QuantizedBlock& quantized);
    /// Computes the block's output, which becomes the next block's input.
    Status advance(JobContext& job);
    void dropStatistics();

private:
    /// The block as it computes now. Loaded on first use.
    Result<StreamBlock*> block();
    Status pass(std::span<const InputSite> sites, const SiteObserver& observer, JobContext& job);

    std::shared_ptr<const WeightSource> weights_;
    Precision precision_;
    std::shared_ptr<HostBlocks> on_gpu_;
    Activations values_;
    PinnedRange pinned_;
    std::int64_t block_index_ = -1;
    std::unique_ptr<StreamBlock> block_;
    std::array<std::optional<SiteStatistics>, 4> statistics_;
    std::array<std::vector<float>, 4> inverse_diagonals_;
};

/// What a method sees of a stream. `replaceable` contexts pass replace() on; on the shared stream it is an error.
class StreamContext final : public BlockContext {
public:
    enum class Access { shared, own };
    /// `layer_bits` must outlive the context.
    StreamContext(BlockStream& stream, Access access, std::span<const LayerBitsRule> layer_bits = {})
        : stream_(stream), access_(access), layer_bits_(layer_bits) {}

    const ModelConfig& config() const override { return stream_.weights().config(); }
    std::int64_t blockIndex() const override { return stream_.blockIndex(); }
    Precision precision() const override { return stream_.precision(); }
    Gpu* gpu() const override { return stream_.gpu(); }
    std::int64_t linearBits(LinearRole role, std::int64_t otherwise) const override {
        return ruledBits(layer_bits_, blockIndex(), role).value_or(otherwise);
    }
    Result<Matrix> weight(LinearRole role) override;
    Result<std::vector<float>> inputNorm() override;
    Result<std::vector<float>> postAttentionNorm() override;
    Result<const SiteStatistics*> statistics(InputSite site, JobContext& job) override;
    Status gather(std::span<const InputSite> sites, JobContext& job) override;
    Status replace(LinearRole role, const Matrix& weight) override;
    InputShape inputShape() const override { return {stream_.input().sequence_count, stream_.input().sequence_length}; }
    Status observe(const SiteObserver& observer, JobContext& job) override { return stream_.observe(observer, job); }

private:
    BlockStream& stream_;
    Access access_;
    std::span<const LayerBitsRule> layer_bits_;
};

}  // namespace quantoscope
