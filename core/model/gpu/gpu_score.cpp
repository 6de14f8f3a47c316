#include "core/model/gpu/gpu_score.h"

#include <algorithm>
#include <string>

#include "core/model/activations.h"
#include "core/model/gpu/gpu_block.h"
#include "core/model/gpu/gpu_evaluate.h"
#include "core/model/gpu/host_blocks.h"
#include "core/model/language_model.h"
#include "core/model/scoring/request_layout.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kFewTokens = 2048;  // a batch this small costs no less for being smaller

/// Requests that read the same text.
using Readers = std::vector<std::size_t>;

/// Texts that go through a block together, all as long as the longest.
struct Batch {
    std::vector<Readers> texts;
    std::int64_t length = 0;
    Activations hidden;
    PinnedRange pinned;  // of `hidden`, so gone before it

    std::int64_t tokens() const { return std::ssize(texts) * length; }
};

class Scorer {
public:
    Scorer(std::shared_ptr<Gpu> gpu, const WeightSource& weights, std::span<const TokenRequest> requests,
           std::int64_t pass_bytes)
        : gpu_(std::move(gpu)),
          weights_(weights),
          requests_(requests),
          pass_tokens_(pass_bytes / (weights.config().hidden_size * static_cast<std::int64_t>(sizeof(float)))),
          results_(requests.size()) {
        for (std::size_t i = 0; i < requests.size(); ++i) results_[i].resize(requests[i].scored.size());
    }

    Result<std::vector<std::vector<double>>> run(JobContext& job) {
        auto batches = batchTexts();
        for (std::size_t first = 0; first < batches.size();) {
            const auto count = batchesOfPass(std::span(batches).subspan(first));
            const auto total = static_cast<double>(batches.size());
            auto part = job.part(static_cast<double>(first) / total, static_cast<double>(first + count) / total);
            QS_TRY(pass(std::span(batches).subspan(first, count), part));
            first += count;
        }
        return std::move(results_);
    }

private:
    std::int64_t lengthOf(const Readers& readers) const { return std::ssize(requests_[readers.front()].ids); }

    /// Shortest first.
    std::vector<Readers> distinctTexts() const {
        std::vector<Readers> texts;
        for (std::size_t i = 0; i < requests_.size(); ++i) {
            if (!texts.empty() && requests_[texts.back().front()].ids == requests_[i].ids)
                texts.back().push_back(i);
            else
                texts.push_back({i});
        }
        std::ranges::stable_sort(texts, {}, [this](const Readers& readers) { return lengthOf(readers); });
        return texts;
    }

    std::vector<Batch> batchTexts() const {
        std::vector<Batch> batches;
        for (auto& text : distinctTexts()) {
            const auto length = lengthOf(text);
            if (batches.empty() || !fits(batches.back(), length)) batches.emplace_back();
            batches.back().length = length;
            batches.back().texts.push_back(std::move(text));
        }
        return batches;
    }

    /// Up to an eighth may be filling.
    bool fits(const Batch& batch, std::int64_t length) const {
        const auto tokens = (std::ssize(batch.texts) + 1) * length;
        const bool alike = 8 * lengthOf(batch.texts.front()) >= 7 * length;
        return tokens <= pass_tokens_ && (alike || tokens <= kFewTokens);
    }

    std::size_t batchesOfPass(std::span<const Batch> batches) const {
        std::int64_t tokens = batches.front().tokens();
        std::size_t count = 1;
        while (count < batches.size() && tokens + batches[count].tokens() <= pass_tokens_)
            tokens += batches[count++].tokens();
        return count;
    }

    Status pass(std::span<Batch> batches, JobContext& job) {
        const auto blocks = weights_.config().block_count;
        const auto steps = static_cast<double>(blocks) + 1.0;  // few positions need the head
        for (auto& batch : batches) QS_TRY(embed(batch));
        HostBlocks host(gpu_, weights_);
        for (std::int64_t i = 0; i < blocks; ++i) {
            QS_TRY(job.checkStop());
            job.report("Block " + std::to_string(i + 1) + " of " + std::to_string(blocks),
                       static_cast<double>(i) / steps);
            QS_ASSIGN(const auto* values, host.block(i));
            QS_ASSIGN(auto block, GpuBlock::load(gpu_, weights_.config(), i, *values));
            const TimedPhase timed(job.times(), "evaluation forward");
            for (auto& batch : batches) QS_TRY(block.forward(batch.hidden, &batch.hidden, {}, job));
        }
        auto head = job.part(static_cast<double>(blocks) / steps, 1.0);
        return score(batches, head);
    }

    Status embed(Batch& batch) {
        std::vector<std::vector<std::int32_t>> ids;
        ids.reserve(batch.texts.size());
        for (const auto& readers : batch.texts)
            ids.emplace_back(requests_[readers.front()].ids).resize(static_cast<std::size_t>(batch.length));
        QS_ASSIGN(batch.hidden, embedTokens(weights_, ids));
        batch.pinned = PinnedRange(*gpu_, batch.hidden.values.data(), batch.hidden.values.size() * sizeof(float));
        return {};
    }

    /// Calls visit(request, index of the scored token, its row of the last block's output).
    template <typename Visit>
    void forEachScored(std::span<Batch> batches, Visit visit) const {
        for (auto& batch : batches)
            for (std::size_t text = 0; text < batch.texts.size(); ++text)
                for (const auto request : batch.texts[text])
                    for (std::size_t i = 0; i < requests_[request].scored.size(); ++i) {
                        const auto row = requests_[request].scored[i].position * batch.hidden.hidden_size;
                        visit(request, i,
                              batch.hidden.sequence(static_cast<std::int64_t>(text))
                                  .subspan(static_cast<std::size_t>(row),
                                           static_cast<std::size_t>(batch.hidden.hidden_size)));
                    }
    }

    Status score(std::span<Batch> batches, JobContext& job) {
        std::vector<float> rows;
        std::vector<std::int32_t> targets;
        forEachScored(batches, [&](std::size_t request, std::size_t i, std::span<const float> row) {
            rows.insert(rows.end(), row.begin(), row.end());
            targets.push_back(requests_[request].scored[i].target);
        });
        for (auto& batch : batches) {
            batch.pinned = {};
            batch.hidden = {};
        }
        if (targets.empty()) return {};
        QS_ASSIGN(const auto nll, targetNllOnGpu(*gpu_, weights_, rows, targets, job));
        auto next = nll.begin();
        for (const auto& batch : batches)
            for (const auto& readers : batch.texts)
                for (const auto request : readers)
                    for (auto& log_probability : results_[request]) log_probability = -*next++;
        return {};
    }

    std::shared_ptr<Gpu> gpu_;
    const WeightSource& weights_;
    std::span<const TokenRequest> requests_;
    std::int64_t pass_tokens_;
    std::vector<std::vector<double>> results_;
};

}  // namespace

Result<std::vector<std::vector<double>>> tokenLogProbabilitiesOnGpu(const std::shared_ptr<Gpu>& gpu,
                                                                    const WeightSource& weights,
                                                                    std::span<const TokenRequest> requests,
                                                                    JobContext& job, std::int64_t pass_bytes) {
    QS_TRY(checkRequests(requests, weights.config()));
    return Scorer(gpu, weights, requests, pass_bytes).run(job);
}

}  // namespace quantoscope
