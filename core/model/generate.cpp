#include <algorithm>
#include <chrono>
#include <string>

#include "core/model/block_state.h"
#include "core/model/generator.h"
#include "core/model/kernel_result.h"
#include "core/model/language_model.h"
#include "core/model/output_head.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kPromptPiece = 256;  // tokens between two looks at the stop token (and blocks)

double millisecondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// A model held in memory with the keys and values of one sequence.
class Session {
public:
    static Result<Session> load(const WeightSource& weights, const GenerationRequest& request, JobContext& job) {
        Session session(weights);
        const auto& config = weights.config();
        const auto capacity = static_cast<std::int64_t>(request.prompt_ids.size()) + request.max_new_tokens;
        auto memory = std::make_shared<PassMemory>();
        for (std::int64_t i = 0; i < config.block_count; ++i) {
            QS_TRY(job.checkStop());
            job.report("Loading block " + std::to_string(i + 1) + " of " + std::to_string(config.block_count),
                       0.5 * static_cast<double>(i) / static_cast<double>(config.block_count));
            QS_ASSIGN(auto block, DecoderBlock::load(weights, i, request.precision));
            session.blocks_.push_back(std::move(block));
            QS_ASSIGN(auto cache, KeyValueCache::make(config, capacity, memory));
            session.caches_.push_back(std::move(cache));
        }
        QS_ASSIGN(session.norm_, FinalNorm::read(weights, request.precision));
        QS_ASSIGN(session.head_, HeadPart::read(weights, 0, config.vocab_size, request.precision, job));
        session.logits_.resize(static_cast<std::size_t>(config.vocab_size));
        return session;
    }

    /// Pushes ids through the blocks; logits() are then those after the last of them.
    Status advance(std::span<const std::int32_t> ids, const JobContext& job) {
        while (!ids.empty()) {
            const auto count = std::min<std::size_t>(ids.size(), kPromptPiece);
            QS_TRY(advancePiece(ids.first(count), job));
            ids = ids.subspan(count);
        }
        QS_TRY(
            norm_.apply(hidden_.data() + hidden_.size() - static_cast<std::size_t>(weights_.config().hidden_size), 1));
        float* logits = logits_.data();
        for (const auto& piece : head_.pieces()) {
            QS_TRY(norm_.product(piece, logits, job.stopToken()));
            logits += piece.rows();
        }
        return {};
    }
    const std::vector<float>& logits() const { return logits_; }

private:
    explicit Session(const WeightSource& weights) : weights_(weights) {}

    Status advancePiece(std::span<const std::int32_t> ids, const JobContext& job) {
        const std::vector<std::vector<std::int32_t>> sequences{{ids.begin(), ids.end()}};
        QS_ASSIGN(auto embedded, embedTokens(weights_, sequences));
        hidden_ = std::move(embedded.values);
        for (std::size_t i = 0; i < blocks_.size(); ++i) {
            QS_TRY(job.checkStop());
            QS_TRY(blocks_[i].forwardCached(hidden_, static_cast<std::int64_t>(ids.size()), caches_[i]));
        }
        return {};
    }

    const WeightSource& weights_;
    std::vector<DecoderBlock> blocks_;
    std::vector<KeyValueCache> caches_;
    FinalNorm norm_;
    HeadPart head_;
    std::vector<float> hidden_;
    std::vector<float> logits_;
};

/// The first of equal maxima, as argmax takes it.
std::int32_t largestLogit(const std::vector<float>& logits) {
    return static_cast<std::int32_t>(std::ranges::max_element(logits) - logits.begin());
}

std::vector<TokenLogit> topLogits(const std::vector<float>& logits, std::int64_t count) {
    std::vector<TokenLogit> all;
    for (std::size_t i = 0; i < logits.size(); ++i) all.push_back({static_cast<std::int32_t>(i), logits[i]});
    const auto kept = std::min<std::size_t>(all.size(), static_cast<std::size_t>(std::max<std::int64_t>(0, count)));
    std::partial_sort(
        all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(),
        [](const TokenLogit& a, const TokenLogit& b) { return a.logit != b.logit ? a.logit > b.logit : a.id < b.id; });
    all.resize(kept);
    return all;
}

bool endsText(const ModelConfig& config, std::int32_t id) {
    return std::ranges::find(config.eos_token_ids, id) != config.eos_token_ids.end();
}

Status checkRequest(const WeightSource& weights, const GenerationRequest& request) {
    if (request.prompt_ids.empty()) return failure("the prompt is empty: give at least one token");
    if (request.max_new_tokens < 0) return failure("the number of new tokens cannot be negative");
    for (const auto id : request.prompt_ids)
        if (id < 0 || id >= weights.config().vocab_size)
            return failure("token id " + std::to_string(id) + " is outside the model's vocabulary of " +
                           std::to_string(weights.config().vocab_size));
    return {};
}

Status continueGreedily(Session& session, const GenerationRequest& request, const ModelConfig& config, JobContext& job,
                        GenerationResult& result) {
    while (static_cast<std::int64_t>(result.ids.size()) < request.max_new_tokens) {
        const auto id = largestLogit(session.logits());
        result.ids.push_back(id);
        if (request.on_token) request.on_token(id);
        const auto made = static_cast<std::int64_t>(result.ids.size());
        job.report("Generating", 0.6 + 0.4 * static_cast<double>(made) / static_cast<double>(request.max_new_tokens));
        if ((request.stop_at_eos && endsText(config, id)) || made == request.max_new_tokens) break;
        QS_TRY(session.advance({&id, 1}, job));
    }
    return {};
}

}  // namespace

Result<KeyValueCache> KeyValueCache::make(const ModelConfig& config, std::int64_t capacity,
                                          std::shared_ptr<PassMemory> memory) {
    KeyValueCache cache;
    cache.memory = memory ? std::move(memory) : std::make_shared<PassMemory>();
    QS_TRY(kernelResult(cache.panels.reset(config.kv_head_count, config.head_dim, capacity),
                        "the keys and values of " + std::to_string(capacity) + " tokens"));
    return cache;
}

Result<GenerationResult> generate(const WeightSource& weights, const GenerationRequest& request, JobContext& job) {
    QS_TRY(checkRequest(weights, request));
    QS_ASSIGN(auto session, Session::load(weights, request, job));
    GenerationResult result;
    job.report("Reading the prompt", 0.5);
    auto start = std::chrono::steady_clock::now();
    QS_TRY(session.advance(request.prompt_ids, job));
    result.prompt_ms = millisecondsSince(start);
    result.top_logits = topLogits(session.logits(), request.top_logits);
    start = std::chrono::steady_clock::now();
    QS_TRY(continueGreedily(session, request, weights.config(), job, result));
    result.generation_ms = millisecondsSince(start);
    return result;
}

}  // namespace quantoscope
