#include "core/methods/awq_module_parts.h"
#include "core/model/rope_frequencies.h"
#include "kernels/attention/attention.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/rotary_embedding/rotary_embedding.h"

namespace quantoscope {
namespace {

using kernels::MatmulOutput;

constexpr int kRoundedAttentionBits = 4;  // above, rounding attention's operands to bfloat16 would drown the change
constexpr std::int64_t kKeptBytes = std::int64_t{1} << 28;  // keys and values of candidates, all together

/// Rotated keys, and values, of the slab under one candidate's scales; a sequence is filled from its start as needed.
struct KeysAndValues {
    std::array<std::vector<float>, 2> exact;  // one of the two is in use
    std::array<std::vector<std::uint16_t>, 2> rounded;
    std::vector<std::int64_t> known;  // tokens, by sequence of the slab
};

class AttentionModule final : public TokenModule {
public:
    explicit AttentionModule(const AwqProblem& problem)
        : TokenModule(problem, problem.inputs.attention_input,
                      2 * (problem.config.head_count + problem.config.kv_head_count) * problem.config.head_dim),
          config_(problem.config),
          width_q_(config_.head_count * config_.head_dim),
          width_k_(config_.kv_head_count * config_.head_dim),
          rounded_(std::ranges::all_of(
              kConsumers, [&](LinearRole role) { return problem.grid(role).bits <= kRoundedAttentionBits; })) {
        const auto frequencies = ropeInverseFrequencies(config_);
        table_ = kernels::rotaryTable(frequencies, 0, length_);
        shape_.head_count = config_.head_count;
        shape_.kv_head_count = config_.kv_head_count;
        shape_.head_dim = config_.head_dim;
    }

    Status enterSlab(std::int64_t slab) override {
        const auto tokens = enter(slab);
        QS_TRY(packInto(problem_.weight(LinearRole::o_proj), output_));
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_TRY(packInto(problem_.weight(kConsumers[i]), change_[i]));
            unchanged_[i].resize(elements(tokens, width(i)));
            QS_TRY(multiply(input(0), tokens, change_[i], unchanged_[i].data(), MatmulOutput::store, problem_.job));
        }
        kept_.clear();
        base_.resize(elements(tokens, width_q_));
        keys_ = &scratch_;
        forget(scratch_);
        for (std::int64_t s = 0; s < pieces_.sequences(slab); ++s) {
            extendKeys(s, copyUnchanged(1, s * length_, length_), copyUnchanged(2, s * length_, length_), length_);
            QS_TRY(keepKeys(length_));
            float* const queries = copyUnchanged(0, s * length_, length_);
            QS_TRY(attend(s, 0, length_, queries, base_.data() + s * length_ * width_q_));
        }
        return {};
    }

    Status setScale(std::size_t candidate, std::span<const float> scale) override {
        scale_ = scale;
        changed_keys_ = false;
        takeKeysOf(candidate);
        return packRounding(kConsumers[0], scale, change_[0]);
    }

    Status losses(std::span<const std::int64_t> pieces, std::span<double> losses) override {
        for (std::size_t first = 0; first < pieces.size();) {
            const auto sequence = pieces_.sequence(pieces[first]);
            auto end = first + 1;
            while (end < pieces.size() && pieces_.sequence(pieces[end]) == sequence) ++end;
            QS_TRY(sequenceLosses(sequence - first_sequence_, pieces.subspan(first, end - first),
                                  losses.subspan(first, end - first)));
            first = end;
        }
        return {};
    }

private:
    static constexpr std::array kConsumers{LinearRole::q_proj, LinearRole::k_proj, LinearRole::v_proj};

    std::int64_t width(std::size_t consumer) const { return consumer == 0 ? width_q_ : width_k_; }
    float* copyUnchanged(std::size_t consumer, std::int64_t token, std::int64_t count) {
        const auto* const from = unchanged_[consumer].data() + token * width(consumer);
        work_[consumer].assign(from, from + count * width(consumer));
        return work_[consumer].data();
    }

    void forget(KeysAndValues& keys) const {
        const auto size = elements(pieces_.sequences(slab_) * length_, width_k_);
        for (auto& values : keys.exact) values.resize(rounded_ ? 0 : size);
        for (auto& values : keys.rounded) values.resize(rounded_ ? size : 0);
        keys.known.assign(static_cast<std::size_t>(pieces_.sequences(slab_)), 0);
    }

    /// As many candidates as memory allows keep theirs, the others share one place.
    void takeKeysOf(std::size_t candidate) {
        const auto element = rounded_ ? sizeof(std::uint16_t) : sizeof(float);
        const auto bytes = 2 * elements(pieces_.sequences(slab_) * length_, width_k_) * element;
        if ((candidate + 1) * bytes > static_cast<std::size_t>(kKeptBytes)) {
            keys_ = &scratch_;
            forget(scratch_);
            return;
        }
        while (kept_.size() <= candidate) forget(kept_.emplace_back());
        keys_ = &kept_[candidate];
    }

    /// Takes `count` more tokens of a sequence in: keys (rotated here, in place) and values.
    void extendKeys(std::int64_t sequence, float* keys, const float* values, std::int64_t count) {
        auto& known = keys_->known[static_cast<std::size_t>(sequence)];
        const auto at = (sequence * length_ + known) * width_k_;
        if (rounded_) {
            kernels::rotaryEmbedding(keys, width_k_, count, config_.kv_head_count, table_,
                                     keys_->rounded[0].data() + at, width_k_, known);
            kernels::floatToBfloat16(values, keys_->rounded[1].data() + at, static_cast<std::size_t>(count * width_k_));
        } else {
            kernels::rotaryEmbedding(keys, width_k_, count, config_.kv_head_count, table_, keys_->exact[0].data() + at,
                                     width_k_, known);
            std::copy_n(values, count * width_k_, keys_->exact[1].data() + at);
        }
        known += count;
    }

    /// Keys and values of the candidate at hand up to `end` of a sequence of the slab.
    Status needKeys(std::int64_t sequence, std::int64_t end) {
        const auto known = keys_->known[static_cast<std::size_t>(sequence)];
        if (known >= end) return {};
        if (!changed_keys_)
            for (std::size_t i = 1; i < kConsumers.size(); ++i) QS_TRY(packRounding(kConsumers[i], scale_, change_[i]));
        changed_keys_ = true;
        const auto token = sequence * length_ + known;
        for (std::size_t i = 1; i < kConsumers.size(); ++i)
            QS_TRY(multiply(input(token), end - known, change_[i], copyUnchanged(i, token, end - known),
                            MatmulOutput::add, problem_.job));
        extendKeys(sequence, work_[1].data(), work_[2].data(), end - known);
        return {};
    }

    /// Losses of pieces of one sequence: keys and values up to the last piece, queries of the pieces alone.
    Status sequenceLosses(std::int64_t sequence, std::span<const std::int64_t> pieces, std::span<double> losses) {
        const auto key_count = pieces_.firstToken(pieces.back()) + pieces_.tokens(pieces.back());
        QS_TRY(needKeys(sequence, key_count));
        const auto tokens = collectQueries(pieces);
        QS_TRY(multiply(rows_.data(), tokens, change_[0], work_[0].data(), MatmulOutput::add, problem_.job));
        QS_TRY(attendPieces(sequence, pieces, tokens, key_count));
        return outputLosses(attended_.data(), tokens, pieces, losses);
    }

    std::int64_t collectQueries(std::span<const std::int64_t> pieces) {
        rows_.clear();
        work_[0].clear();
        std::int64_t tokens = 0;
        for (const auto piece : pieces) {
            const auto token = place(piece);
            const auto count = pieces_.tokens(piece);
            rows_.insert(rows_.end(), input(token), input(token + count));
            work_[0].insert(work_[0].end(), unchanged_[0].begin() + token * width_q_,
                            unchanged_[0].begin() + (token + count) * width_q_);
            tokens += count;
        }
        return tokens;
    }

    /// The change of what the pieces attend to, into attended_. Neighbouring pieces go together.
    Status attendPieces(std::int64_t sequence, std::span<const std::int64_t> pieces, std::int64_t tokens,
                        std::int64_t key_count) {
        QS_TRY(keepKeys(key_count));
        attended_.resize(elements(tokens, width_q_));
        std::int64_t row = 0;
        for (std::size_t first = 0; first < pieces.size();) {
            const auto token = pieces_.firstToken(pieces[first]);
            std::int64_t count = 0;
            auto end = first;
            for (; end < pieces.size() && pieces[end] == pieces[first] + static_cast<std::int64_t>(end - first); ++end)
                count += pieces_.tokens(pieces[end]);
            float* const out = attended_.data() + row * width_q_;
            QS_TRY(attend(sequence, token, count, work_[0].data() + row * width_q_, out));
            kernels::subtract(out, base_.data() + (sequence * length_ + token) * width_q_, count * width_q_);
            row += count;
            first = end;
        }
        return {};
    }

    /// Room for `count` keys; attend() takes them and the values in as queries come to them.
    Status keepKeys(std::int64_t count) {
        return kernelStatus(panels_.reset(config_.kv_head_count, config_.head_dim, count), "searching scales");
    }

    template <typename Element>
    void takeKeys(const std::array<std::vector<Element>, 2>& keys, std::int64_t sequence, std::int64_t end) {
        const auto begin = panels_.length();
        const auto at = (sequence * length_ + begin) * width_k_;
        panels_.append(keys[0].data() + at, width_k_, keys[1].data() + at, width_k_, end - begin);
    }

    /// Attention of queries token .. token + count - 1, which must not lie before those asked for earlier.
    Status attend(std::int64_t sequence, std::int64_t token, std::int64_t count, float* queries, float* out) {
        shape_.query_count = count;
        const auto& stop = problem_.job.stopToken();
        if (!rounded_) {
            takeKeys(keys_->exact, sequence, token + count);
            kernels::rotaryEmbedding(queries, width_q_, count, config_.head_count, table_, queries, width_q_, token);
            return kernelStatus(kernels::attention(shape_, queries, panels_, out, stop), "searching scales");
        }
        takeKeys(keys_->rounded, sequence, token + count);
        rounded_queries_.resize(elements(count, width_q_));
        rounded_out_.resize(elements(count, width_q_));
        kernels::rotaryEmbedding(queries, width_q_, count, config_.head_count, table_, rounded_queries_.data(),
                                 width_q_, token);
        QS_TRY(kernelStatus(kernels::attention(shape_, rounded_queries_.data(), panels_, rounded_out_.data(), stop),
                            "searching scales"));
        kernels::bfloat16ToFloat(rounded_out_.data(), out, static_cast<std::size_t>(count * width_q_));
        return {};
    }

    const ModelConfig& config_;
    std::int64_t width_q_;
    std::int64_t width_k_;
    bool rounded_;
    kernels::AttentionShape shape_;
    kernels::RotaryTable table_;
    kernels::KeyValuePanels panels_;
    std::span<const float> scale_;
    bool changed_keys_ = false;  // change_ of keys and values is made for scale_
    std::array<kernels::PackedMatrix, 3> change_;
    std::array<std::vector<float>, 3> unchanged_;  // q, k, v before rotation
    std::vector<KeysAndValues> kept_;              // by candidate
    KeysAndValues scratch_;
    KeysAndValues* keys_ = &scratch_;
    std::array<std::vector<float>, 3> work_;
    std::vector<std::uint16_t> rows_;
    std::vector<std::uint16_t> rounded_queries_;
    std::vector<std::uint16_t> rounded_out_;
    std::vector<float> attended_;
};

}  // namespace

std::unique_ptr<AwqModule> awqAttention(const AwqProblem& problem) {
    return std::make_unique<AttentionModule>(problem);
}

}  // namespace quantoscope
