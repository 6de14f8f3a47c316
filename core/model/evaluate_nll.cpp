#include <string>

#include "core/model/language_model.h"
#include "core/model/scoring/target_nll.h"

namespace quantoscope {

std::vector<std::int32_t> nextTokenTargets(std::span<const std::vector<std::int32_t>> sequences) {
    std::vector<std::int32_t> targets;
    for (const auto& sequence : sequences) {
        if (sequence.empty()) continue;
        targets.insert(targets.end(), sequence.begin() + 1, sequence.end());
        targets.push_back(-1);
    }
    return targets;
}

std::vector<std::vector<float>> nllBySequence(const std::vector<double>& nll, const Activations& hidden) {
    std::vector<std::vector<float>> result(static_cast<std::size_t>(hidden.sequence_count));
    for (std::int64_t s = 0; s < hidden.sequence_count; ++s)
        for (std::int64_t t = 0; t + 1 < hidden.sequence_length; ++t)
            result[static_cast<std::size_t>(s)].push_back(
                static_cast<float>(nll[static_cast<std::size_t>(s * hidden.sequence_length + t)]));
    return result;
}

Result<std::vector<std::vector<float>>> nextTokenNll(const WeightSource& weights, const Activations& last_block_output,
                                                     std::span<const std::vector<std::int32_t>> sequences,
                                                     Precision precision, JobContext& job) {
    QS_ASSIGN(const auto nll,
              targetNll(weights, last_block_output.values, nextTokenTargets(sequences), precision, job));
    return nllBySequence(nll, last_block_output);
}

Result<std::vector<std::vector<float>>> evaluateNll(const WeightSource& weights,
                                                    std::span<const std::vector<std::int32_t>> sequences,
                                                    Precision precision, JobContext& job) {
    const auto blocks = weights.config().block_count;
    const double steps = static_cast<double>(blocks) + 2.0;  // the head costs about two blocks
    QS_ASSIGN(auto hidden, embedTokens(weights, sequences));
    for (std::int64_t i = 0; i < blocks; ++i) {
        QS_TRY(job.checkStop());
        job.report("Block " + std::to_string(i + 1) + " of " + std::to_string(blocks), static_cast<double>(i) / steps);
        QS_ASSIGN(const auto block, DecoderBlock::load(weights, i, precision));
        const TimedPhase timed(job.times(), "evaluation forward");
        QS_TRY(block.forward(hidden, &hidden, {}, job));
    }
    auto head_job = job.part(static_cast<double>(blocks) / steps, 1.0);
    return nextTokenNll(weights, hidden, sequences, precision, head_job);
}

}  // namespace quantoscope
