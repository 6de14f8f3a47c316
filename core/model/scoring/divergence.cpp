#include "core/model/scoring/divergence.h"

#include <algorithm>
#include <cmath>
#include <new>

#include "core/model/output_head.h"
#include "kernels/token_nll/token_nll.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kHeadPartBytes = std::int64_t{64} << 20;  // packed head held at a time
constexpr std::int64_t kTokens = 128;                            // in work at a time

/// sum over one piece of the vocabulary of p * x, by token, added to `sums`.
void addExpectation(const float* p, std::int64_t p_stride, const float* x, std::int64_t tokens, std::int64_t columns,
                    double* sums) {
#pragma omp parallel for schedule(static)
    for (std::int64_t t = 0; t < tokens; ++t) {
        double sum = 0.0;
        for (std::int64_t v = 0; v < columns; ++v)
            sum += static_cast<double>(p[t * p_stride + v]) * static_cast<double>(x[t * columns + v]);
        sums[t] += sum;
    }
}

double logSum(const kernels::RunningSoftmax& softmax) {
    return static_cast<double>(softmax.maximum) + std::log(softmax.sum);
}

/// Some tokens: the original's probabilities first, then every change against them.
class Chunk {
public:
    Chunk(const WeightSource& weights, Precision precision, std::int64_t tokens)
        : weights_(weights), precision_(precision), tokens_(tokens), vocabulary_(weights.config().vocab_size) {}

    Status takeOriginal(const float* hidden, FinalNorm& norm, const JobContext& job) {
        probabilities_.resize(static_cast<std::size_t>(tokens_ * vocabulary_));
        std::vector<kernels::RunningSoftmax> softmax = emptySoftmaxes(1);
        const auto place = [&](std::int64_t id, std::int64_t columns, const float* logits) {
            for (std::int64_t t = 0; t < tokens_; ++t)
                std::copy_n(logits + t * columns, columns, probabilities_.data() + t * vocabulary_ + id);
        };
        QS_TRY(pass({hidden}, norm, softmax, job,
                    [&](std::size_t, std::int64_t id, std::int64_t columns, const float* logits) {
                        place(id, columns, logits);
                    }));
        expectation_.assign(static_cast<std::size_t>(tokens_), 0.0);
#pragma omp parallel for schedule(static)
        for (std::int64_t t = 0; t < tokens_; ++t) {
            const double log_sum = logSum(softmax[static_cast<std::size_t>(t)]);
            double sum = 0.0;
            float* const row = probabilities_.data() + t * vocabulary_;
            for (std::int64_t v = 0; v < vocabulary_; ++v) {
                const double logit = static_cast<double>(row[v]);
                const double p = std::exp(logit - log_sum);
                row[v] = static_cast<float>(p);
                sum += static_cast<double>(row[v]) * (logit - log_sum);
            }
            expectation_[static_cast<std::size_t>(t)] = sum;  // minus the entropy
        }
        return {};
    }

    /// Adds the tokens' divergences to `sums`, by change.
    Status compare(const std::vector<const float*>& changed, FinalNorm& norm, std::vector<double>& sums,
                   const JobContext& job) {
        auto softmax = emptySoftmaxes(changed.size());
        std::vector<double> crossed(softmax.size(), 0.0);
        QS_TRY(pass(changed, norm, softmax, job,
                    [&](std::size_t change, std::int64_t id, std::int64_t columns, const float* logits) {
                        addExpectation(probabilities_.data() + id, vocabulary_, logits, tokens_, columns,
                                       crossed.data() + change * static_cast<std::size_t>(tokens_));
                    }));
        for (std::size_t change = 0; change < changed.size(); ++change)
            for (std::size_t t = 0; t < static_cast<std::size_t>(tokens_); ++t) {
                const auto at = change * static_cast<std::size_t>(tokens_) + t;
                sums[change] += std::max(0.0, expectation_[t] - crossed[at] + logSum(softmax[at]));
            }
        return {};
    }

private:
    std::vector<kernels::RunningSoftmax> emptySoftmaxes(std::size_t count) const {
        return {count * static_cast<std::size_t>(tokens_), kernels::emptySoftmax()};
    }

    /// Logits of all hidden states, piece by piece of the vocabulary.
    template <typename Visit>
    Status pass(const std::vector<const float*>& hidden, FinalNorm& norm, std::vector<kernels::RunningSoftmax>& softmax,
                const JobContext& job, Visit visit) {
        const std::int64_t element_bytes = precision_ == Precision::float32 ? 4 : 2;
        const auto part_rows =
            std::max<std::int64_t>(2048, kHeadPartBytes / (weights_.config().hidden_size * element_bytes));
        const std::vector<std::int32_t> no_target(static_cast<std::size_t>(tokens_), -1);
        std::vector<float> logits;
        for (std::int64_t begin = 0; begin < vocabulary_; begin += part_rows) {
            QS_ASSIGN(const auto part,
                      HeadPart::read(weights_, begin, std::min(part_rows, vocabulary_ - begin), precision_, job));
            for (std::size_t i = 0; i < hidden.size(); ++i) {
                QS_TRY(norm.apply(hidden[i], tokens_));
                auto id = part.firstId();
                for (const auto& piece : part.pieces()) {
                    QS_TRY(job.checkStop());
                    logits.resize(static_cast<std::size_t>(tokens_ * piece.rows()));
                    QS_TRY(norm.product(piece, logits.data(), job.stopToken()));
                    kernels::updateSoftmax(logits.data(), tokens_, piece.rows(), id, no_target.data(),
                                           softmax.data() + i * static_cast<std::size_t>(tokens_));
                    visit(i, id, piece.rows(), logits.data());
                    id += piece.rows();
                }
            }
        }
        return {};
    }

    const WeightSource& weights_;
    Precision precision_;
    std::int64_t tokens_;
    std::int64_t vocabulary_;
    std::vector<float> probabilities_;  // tokens x vocabulary
    std::vector<double> expectation_;   // by token: of the original's log probability
};

}  // namespace

Result<std::vector<double>> meanDivergence(const WeightSource& weights, std::span<const float> original,
                                           std::span<const float> changed, Precision precision, JobContext& job) try {
    const auto hidden_size = weights.config().hidden_size;
    const auto tokens = static_cast<std::int64_t>(original.size()) / hidden_size;
    if (tokens < 1 || original.size() != static_cast<std::size_t>(tokens * hidden_size) ||
        changed.size() % original.size() != 0)
        return failure("the hidden states of the changed models do not belong to the original's");
    std::vector<double> sums(changed.size() / original.size(), 0.0);
    QS_ASSIGN(auto norm, FinalNorm::read(weights, precision));
    for (std::int64_t first = 0; first < tokens; first += kTokens) {
        Chunk chunk(weights, precision, std::min(kTokens, tokens - first));
        QS_TRY(chunk.takeOriginal(original.data() + first * hidden_size, norm, job));
        std::vector<const float*> places;
        places.reserve(sums.size());
        for (std::size_t i = 0; i < sums.size(); ++i)
            places.push_back(changed.data() + i * original.size() + static_cast<std::size_t>(first * hidden_size));
        QS_TRY(chunk.compare(places, norm, sums, job));
        job.report("Comparing predictions", static_cast<double>(first) / static_cast<double>(tokens));
    }
    for (auto& sum : sums) sum /= static_cast<double>(tokens);
    return sums;
} catch (const std::bad_alloc&) {
    return failure("not enough memory to compare predictions; close other programs or use fewer samples");
}

}  // namespace quantoscope
