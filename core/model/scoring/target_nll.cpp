#include "core/model/scoring/target_nll.h"

#include <algorithm>
#include <string>

#include "core/model/output_head.h"
#include "kernels/token_nll/token_nll.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kHeadPartBytes = std::int64_t{64} << 20;  // packed head held at a time
constexpr std::int64_t kTokenTile = 384;

/// Takes in the logits of one part of the head for all rows.
Status addPart(const HeadPart& part, std::span<const float> hidden, std::span<const std::int32_t> targets,
               FinalNorm& norm, std::vector<kernels::RunningSoftmax>& running, const JobContext& job) {
    const auto rows = static_cast<std::int64_t>(targets.size());
    const auto hidden_size = static_cast<std::int64_t>(hidden.size()) / rows;
    kernels::AlignedBuffer<float> logits;
    std::int64_t widest = 0;
    for (const auto& piece : part.pieces()) widest = std::max(widest, piece.rows());
    if (!logits.reserve(std::min(rows, kTokenTile) * widest))
        return failure("not enough memory for the logits of " + std::to_string(kTokenTile) + " tokens");
    for (std::int64_t first = 0; first < rows; first += kTokenTile) {
        const auto count = std::min(kTokenTile, rows - first);
        QS_TRY(norm.apply(hidden.data() + first * hidden_size, count));
        auto id = part.firstId();
        for (const auto& piece : part.pieces()) {
            QS_TRY(job.checkStop());
            QS_TRY(norm.product(piece, logits.data(), job.stopToken()));
            kernels::updateSoftmax(logits.data(), count, piece.rows(), id, targets.data() + first,
                                   running.data() + first);
            id += piece.rows();
        }
        job.report("Computing likelihoods", static_cast<double>(first + count) / static_cast<double>(rows));
    }
    return {};
}

}  // namespace

Result<std::vector<double>> targetNll(const WeightSource& weights, std::span<const float> hidden,
                                      std::span<const std::int32_t> targets, Precision precision, JobContext& job) {
    const auto& config = weights.config();
    if (targets.empty()) return std::vector<double>();
    if (targets.size() * static_cast<std::size_t>(config.hidden_size) != hidden.size())
        return failure("the hidden states do not belong to the tokens whose likelihood is asked");
    std::vector<kernels::RunningSoftmax> running(targets.size(), kernels::emptySoftmax());
    QS_ASSIGN(auto norm, FinalNorm::read(weights, precision));
    const std::int64_t element_bytes = precision == Precision::float32 ? 4 : 2;
    const auto part_rows = std::max<std::int64_t>(2048, kHeadPartBytes / (config.hidden_size * element_bytes));
    for (std::int64_t id = 0; id < config.vocab_size; id += part_rows) {
        const auto rows = std::min(part_rows, config.vocab_size - id);
        QS_ASSIGN(const auto part, HeadPart::read(weights, id, rows, precision, job));
        const auto total = static_cast<double>(config.vocab_size);
        const auto part_job = job.part(static_cast<double>(id) / total, static_cast<double>(id + rows) / total);
        QS_TRY(addPart(part, hidden, targets, norm, running, part_job));
    }
    std::vector<double> nll;
    nll.reserve(running.size());
    for (const auto& token : running) nll.push_back(kernels::tokenNll(token));
    return nll;
}

}  // namespace quantoscope
