#include "core/pipeline/stream_block.h"

#include "core/calibration/gpu_site_sums.h"
#include "core/calibration/site_statistics.h"
#include "core/model/gpu/gpu_block.h"

namespace quantoscope {
namespace {

std::size_t indexOf(InputSite site) {
    return static_cast<std::size_t>(site);
}

/// The matrix is symmetric: half of its products are computed, each a multiplication and an addition.
void countGram(const JobContext& job, std::int64_t rows, std::int64_t columns) {
    if (job.times() != nullptr)
        job.times()->countOperations(static_cast<double>(rows) * static_cast<double>(columns) *
                                     static_cast<double>(columns));
}

class CpuStreamBlock final : public StreamBlock {
public:
    CpuStreamBlock(DecoderBlock block, const ModelConfig& config) : block_(std::move(block)), config_(config) {}

    Status setLinear(LinearRole role, const Matrix& weight) override { return block_.setLinear(role, weight); }
    Status setInputNorm(std::span<const float> weight) override { return block_.setInputNorm(weight); }
    Status setPostAttentionNorm(std::span<const float> weight) override { return block_.setPostAttentionNorm(weight); }

    Result<Statistics> gather(const Activations& values, const Sites& wanted, const SiteObserver& observer,
                              InputSite last, JobContext& job) override {
        std::array<std::optional<SiteStatisticsAccumulator>, 4> sums;
        for (const auto site : kInputSites)
            if (wanted[indexOf(site)]) sums[indexOf(site)].emplace(siteColumns(config_, site));
        const SiteObserver observe = [&](const SiteInput& input) -> Status {
            if (observer) QS_TRY(observer(input));
            const TimedPhase gathering(job.times(), "gram");
            auto& sum = sums[indexOf(input.site)];
            if (!sum) return {};
            QS_TRY(sum->add(input, job));
            countGram(job, input.rows, input.columns);
            return {};
        };
        QS_TRY(block_.forward(values, nullptr, observe, job, last));
        const TimedPhase finishing(job.times(), "gram");
        Statistics statistics;
        for (std::size_t i = 0; i < sums.size(); ++i)
            if (sums[i]) statistics[i] = sums[i]->finish(values.sequence_count);
        return statistics;
    }
    Status advance(Activations& values, JobContext& job) override { return block_.forward(values, &values, {}, job); }

private:
    DecoderBlock block_;
    const ModelConfig& config_;
};

class GpuStreamBlock final : public StreamBlock {
public:
    GpuStreamBlock(std::shared_ptr<Gpu> gpu, GpuBlock block, const ModelConfig& config)
        : gpu_(std::move(gpu)), block_(std::move(block)), config_(config) {}

    Status setLinear(LinearRole role, const Matrix& weight) override { return block_.setLinear(role, weight); }
    Status setInputNorm(std::span<const float> weight) override { return block_.setInputNorm(weight); }
    Status setPostAttentionNorm(std::span<const float> weight) override { return block_.setPostAttentionNorm(weight); }

    Result<Statistics> gather(const Activations& values, const Sites& wanted, const SiteObserver& observer,
                              InputSite last, JobContext& job) override {
        std::array<std::optional<GpuSiteSums>, 4> sums;
        for (const auto site : kInputSites)
            if (wanted[indexOf(site)]) {
                QS_ASSIGN(sums[indexOf(site)], GpuSiteSums::make(gpu_, siteColumns(config_, site)));
            }
        const GpuSiteObserver observe = [&](const GpuSiteInput& input) -> Status {
            if (observer) QS_TRY(show(input, observer));
            auto& sum = sums[indexOf(input.site)];
            if (!sum) return {};
            countGram(job, input.rows, input.columns);
            return sum->add(input);
        };
        QS_TRY(block_.forward(values, nullptr, observe, job, last));
        const TimedPhase finishing(job.times(), "gram");
        Statistics statistics;
        for (std::size_t i = 0; i < sums.size(); ++i)
            if (sums[i]) {
                QS_ASSIGN(statistics[i], sums[i]->finish(values.sequence_count));
            }
        return statistics;
    }
    Status advance(Activations& values, JobContext& job) override { return block_.forward(values, &values, {}, job); }

private:
    /// An observer on the host waits for its rows.
    Status show(const GpuSiteInput& input, const SiteObserver& observer) {
        rows_.resize(static_cast<std::size_t>(input.rows * input.columns));
        QS_TRY(gpu_->download(rows_.data(), input.values, rows_.size() * sizeof(std::uint16_t)));
        QS_TRY(gpu_->synchronize());
        return observer({.site = input.site,
                         .first_sequence = input.first_sequence,
                         .rows = input.rows,
                         .columns = input.columns,
                         .bfloat16 = rows_.data()});
    }

    std::shared_ptr<Gpu> gpu_;
    GpuBlock block_;
    const ModelConfig& config_;
    std::vector<std::uint16_t> rows_;
};

}  // namespace

Result<std::shared_ptr<HostBlocks>> hostBlocks(ComputeDevice* device, const WeightSource& weights) {
    if (device == nullptr) return nullptr;
    QS_ASSIGN(auto gpu, device->gpu());
    if (gpu == nullptr) return nullptr;
    return std::make_shared<HostBlocks>(std::move(gpu), weights);
}

Result<std::unique_ptr<StreamBlock>> loadStreamBlock(const WeightSource& weights, std::int64_t index,
                                                     Precision precision) {
    QS_ASSIGN(auto block, DecoderBlock::load(weights, index, precision));
    return std::make_unique<CpuStreamBlock>(std::move(block), weights.config());
}

Result<std::unique_ptr<StreamBlock>> loadGpuStreamBlock(HostBlocks& blocks, const ModelConfig& config,
                                                        std::int64_t index) {
    QS_ASSIGN(const auto* values, blocks.block(index));
    QS_ASSIGN(auto block, GpuBlock::load(blocks.gpu(), config, index, *values));
    return std::make_unique<GpuStreamBlock>(blocks.gpu(), std::move(block), config);
}

}  // namespace quantoscope
