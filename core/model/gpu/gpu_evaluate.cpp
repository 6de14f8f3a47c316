#include "core/model/gpu/gpu_evaluate.h"

#include <string>

#include "core/model/gpu/gpu_block.h"
#include "core/model/gpu/host_blocks.h"
#include "core/model/language_model.h"
#include "core/model/scoring/target_nll.h"

namespace quantoscope {
namespace {

Status sendThroughBlocks(const std::shared_ptr<Gpu>& gpu, const WeightSource& weights, Activations& hidden,
                         double steps, JobContext& job) {
    const auto blocks = weights.config().block_count;
    HostBlocks host(gpu, weights);
    for (std::int64_t i = 0; i < blocks; ++i) {
        QS_TRY(job.checkStop());
        job.report("Block " + std::to_string(i + 1) + " of " + std::to_string(blocks), static_cast<double>(i) / steps);
        QS_ASSIGN(const auto* values, host.block(i));
        QS_ASSIGN(auto block, GpuBlock::load(gpu, weights.config(), i, *values));
        const TimedPhase timed(job.times(), "evaluation forward");
        QS_TRY(block.forward(hidden, &hidden, {}, job));
    }
    return {};
}

}  // namespace

Result<std::vector<std::vector<float>>> evaluateNllOnGpu(const std::shared_ptr<Gpu>& gpu, const WeightSource& weights,
                                                         std::span<const std::vector<std::int32_t>> sequences,
                                                         JobContext& job) {
    const auto blocks = static_cast<double>(weights.config().block_count);
    const double steps = blocks + 2.0;  // the head costs about two blocks
    QS_ASSIGN(auto hidden, embedTokens(weights, sequences));
    const PinnedRange pinned(*gpu, hidden.values.data(), hidden.values.size() * sizeof(float));
    QS_TRY(sendThroughBlocks(gpu, weights, hidden, steps, job));
    auto head_job = job.part(blocks / steps, 1.0);
    QS_ASSIGN(const auto nll, targetNllOnGpu(*gpu, weights, hidden.values, nextTokenTargets(sequences), head_job));
    return nllBySequence(nll, hidden);
}

}  // namespace quantoscope
