#include <algorithm>
#include <string>

#include "core/model/language_model.h"
#include "core/model/output_head.h"
#include "kernels/token_nll/token_nll.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kHeadPartBytes = std::int64_t{64} << 20;  // packed head held at a time
constexpr std::int64_t kTokenTile = 384;

/// The target of position t is token t + 1; the last position of a sequence has none (-1 is in no chunk).
std::vector<std::int32_t> targetsOf(std::span<const std::vector<std::int32_t>> sequences) {
    std::vector<std::int32_t> targets;
    for (const auto& sequence : sequences) {
        if (sequence.empty()) continue;
        targets.insert(targets.end(), sequence.begin() + 1, sequence.end());
        targets.push_back(-1);
    }
    return targets;
}

/// Takes in the logits of one part of the head for all tokens.
Status addPart(const HeadPart& part, const Activations& hidden, const std::vector<std::int32_t>& targets,
               FinalNorm& norm, std::vector<kernels::RunningSoftmax>& running, const JobContext& job) {
    const auto tokens = static_cast<std::int64_t>(targets.size());
    kernels::AlignedBuffer<float> logits;
    std::int64_t widest = 0;
    for (const auto& piece : part.pieces()) widest = std::max(widest, piece.rows());
    if (!logits.reserve(std::min(tokens, kTokenTile) * widest))
        return failure("not enough memory for the logits of " + std::to_string(kTokenTile) + " tokens");
    for (std::int64_t first = 0; first < tokens; first += kTokenTile) {
        const auto count = std::min(kTokenTile, tokens - first);
        QS_TRY(norm.apply(hidden.values.data() + first * hidden.hidden_size, count));
        auto id = part.firstId();
        for (const auto& piece : part.pieces()) {
            QS_TRY(job.checkStop());
            QS_TRY(norm.product(piece, logits.data(), job.stopToken()));
            kernels::updateSoftmax(logits.data(), count, piece.rows(), id, targets.data() + first,
                                   running.data() + first);
            id += piece.rows();
        }
        job.report("Computing likelihoods", static_cast<double>(first + count) / static_cast<double>(tokens));
    }
    return {};
}

std::vector<std::vector<float>> collect(const std::vector<kernels::RunningSoftmax>& running, std::int64_t sequences,
                                        std::int64_t length) {
    std::vector<std::vector<float>> result(static_cast<std::size_t>(sequences));
    for (std::int64_t s = 0; s < sequences; ++s)
        for (std::int64_t t = 0; t + 1 < length; ++t)
            result[static_cast<std::size_t>(s)].push_back(
                static_cast<float>(kernels::tokenNll(running[static_cast<std::size_t>(s * length + t)])));
    return result;
}

}  // namespace

Result<std::vector<std::vector<float>>> nextTokenNll(const WeightSource& weights, const Activations& last_block_output,
                                                     std::span<const std::vector<std::int32_t>> sequences,
                                                     Precision precision, JobContext& job) {
    const auto& config = weights.config();
    const auto targets = targetsOf(sequences);
    if (targets.size() * static_cast<std::size_t>(config.hidden_size) != last_block_output.values.size())
        return failure("the hidden states do not belong to the sequences whose likelihood is asked");
    std::vector<kernels::RunningSoftmax> running(targets.size(), kernels::emptySoftmax());
    QS_ASSIGN(auto norm, FinalNorm::read(weights, precision));
    const std::int64_t element_bytes = precision == Precision::float32 ? 4 : 2;
    const auto part_rows = std::max<std::int64_t>(2048, kHeadPartBytes / (config.hidden_size * element_bytes));
    for (std::int64_t id = 0; id < config.vocab_size; id += part_rows) {
        const auto rows = std::min(part_rows, config.vocab_size - id);
        QS_ASSIGN(const auto part, HeadPart::read(weights, id, rows, precision, job));
        const auto total = static_cast<double>(config.vocab_size);
        const auto part_job = job.part(static_cast<double>(id) / total, static_cast<double>(id + rows) / total);
        QS_TRY(addPart(part, last_block_output, targets, norm, running, part_job));
    }
    return collect(running, last_block_output.sequence_count, last_block_output.sequence_length);
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
        QS_TRY(block.forward(hidden, &hidden, {}, job));
    }
    auto head_job = job.part(static_cast<double>(blocks) / steps, 1.0);
    return nextTokenNll(weights, hidden, sequences, precision, head_job);
}

}  // namespace quantoscope
