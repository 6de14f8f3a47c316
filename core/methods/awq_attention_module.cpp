#include "core/methods/awq_module_parts.h"
#include "core/model/rope_frequencies.h"
#include "kernels/attention/attention.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/rotary_embedding/rotary_embedding.h"

namespace quantoscope {
namespace {

using kernels::MatmulOutput;

constexpr int kRoundedAttentionBits = 4;  // above, rounding attention's operands to bfloat16 would drown the change

class AttentionModule final : public AwqModule {
public:
    explicit AttentionModule(const AwqProblem& problem)
        : problem_(problem),
          config_(problem.config),
          length_(problem.inputs.sequence_length),
          width_q_(config_.head_count * config_.head_dim),
          width_k_(config_.kv_head_count * config_.head_dim),
          rounded_(problem.grid.bits <= kRoundedAttentionBits),
          pieces_(problem.inputs, 2 * width_q_ + 2 * width_k_) {
        const auto frequencies = ropeInverseFrequencies(config_);
        table_ = kernels::rotaryTable(frequencies, 0, length_);
        shape_.head_count = config_.head_count;
        shape_.kv_head_count = config_.kv_head_count;
        shape_.head_dim = config_.head_dim;
    }

    std::int64_t pieceCount() const override { return pieces_.count(); }
    std::int64_t slabCount() const override { return pieces_.slabCount(); }
    PieceRange slabPieces(std::int64_t slab) const override { return pieces_.range(slab); }

    Status enterSlab(std::int64_t slab) override {
        slab_ = slab;
        first_sequence_ = pieces_.firstSequence(slab);
        const auto tokens = pieces_.sequences(slab) * length_;
        QS_TRY(packInto(problem_.weight(LinearRole::o_proj), output_));
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_TRY(packInto(problem_.weight(kConsumers[i]), change_[i]));
            base_[i].resize(elements(tokens, width(i)));
            QS_TRY(multiply(input(0), tokens, change_[i], base_[i].data(), MatmulOutput::store, problem_.job));
        }
        base_attended_.resize(elements(tokens, width_q_));
        for (std::int64_t s = 0; s < pieces_.sequences(slab); ++s) {
            for (std::size_t i = 0; i < kConsumers.size(); ++i) copyBase(i, s * length_, length_);
            QS_TRY(keepKeys(length_));
            QS_TRY(attend(0, length_, work_[0].data(), base_attended_.data() + s * length_ * width_q_));
        }
        return {};
    }

    /// By the module's unchanged output: tokens with large outputs have large changes.
    Result<std::vector<double>> weights() override {
        const auto tokens = pieces_.sequences(slab_) * length_;
        product_.resize(elements(tokens, config_.hidden_size));
        QS_TRY(multiply(base_attended_.data(), tokens, output_, product_.data(), MatmulOutput::store, problem_.job));
        return pieces_.energies(slab_, product_.data(), config_.hidden_size);
    }

    Status setScale(std::span<const float> scale) override {
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_TRY(problem_.roundingError(problem_.weight(kConsumers[i]), scale, error_));
            QS_TRY(packInto(error_, change_[i]));
        }
        return {};
    }

    Status losses(std::span<const std::int64_t> pieces, std::span<double> losses) override {
        for (std::size_t first = 0; first < pieces.size();) {
            const auto sequence = pieces_.sequence(pieces[first]);
            auto end = first + 1;
            while (end < pieces.size() && pieces_.sequence(pieces[end]) == sequence) ++end;
            QS_TRY(sequenceLosses(sequence, pieces.subspan(first, end - first), losses.subspan(first, end - first)));
            first = end;
        }
        return {};
    }

private:
    static constexpr std::array kConsumers{LinearRole::q_proj, LinearRole::k_proj, LinearRole::v_proj};

    std::int64_t width(std::size_t consumer) const { return consumer == 0 ? width_q_ : width_k_; }
    /// `token` counts from the start of the slab.
    const std::uint16_t* input(std::int64_t token) const {
        return problem_.inputs.attention_input.data() + (first_sequence_ * length_ + token) * config_.hidden_size;
    }
    void copyBase(std::size_t consumer, std::int64_t token, std::int64_t count) {
        const auto* const from = base_[consumer].data() + token * width(consumer);
        work_[consumer].assign(from, from + count * width(consumer));
    }

    /// Losses of pieces of one sequence: keys and values up to the last piece, queries of the pieces alone.
    Status sequenceLosses(std::int64_t sequence, std::span<const std::int64_t> pieces, std::span<double> losses) {
        const auto start = (sequence - first_sequence_) * length_;
        const auto key_count = pieces_.firstToken(pieces.back()) + pieces_.tokens(pieces.back());
        for (std::size_t i = 1; i < kConsumers.size(); ++i) {
            copyBase(i, start, key_count);
            QS_TRY(multiply(input(start), key_count, change_[i], work_[i].data(), MatmulOutput::add, problem_.job));
        }
        const auto tokens = collectQueries(start, pieces);
        QS_TRY(multiply(rows_.data(), tokens, change_[0], work_[0].data(), MatmulOutput::add, problem_.job));
        QS_TRY(attendPieces(start, pieces, tokens, key_count));
        product_.resize(elements(tokens, config_.hidden_size));
        QS_TRY(multiply(attended_.data(), tokens, output_, product_.data(), MatmulOutput::store, problem_.job));
        std::ranges::copy(pieces_.energies(pieces, product_.data(), config_.hidden_size), losses.begin());
        return {};
    }

    std::int64_t collectQueries(std::int64_t start, std::span<const std::int64_t> pieces) {
        rows_.clear();
        work_[0].clear();
        std::int64_t tokens = 0;
        for (const auto piece : pieces) {
            const auto token = start + pieces_.firstToken(piece);
            const auto count = pieces_.tokens(piece);
            rows_.insert(rows_.end(), input(token), input(token + count));
            work_[0].insert(work_[0].end(), base_[0].begin() + token * width_q_,
                            base_[0].begin() + (token + count) * width_q_);
            tokens += count;
        }
        return tokens;
    }

    /// The change of what the pieces attend to, into attended_. Neighbouring pieces go together.
    Status attendPieces(std::int64_t start, std::span<const std::int64_t> pieces, std::int64_t tokens,
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
            QS_TRY(attend(token, count, work_[0].data() + row * width_q_, out));
            kernels::subtract(out, base_attended_.data() + (start + token) * width_q_, count * width_q_);
            row += count;
            first = end;
        }
        return {};
    }

    /// Rotates the first `count` keys of work_; attend() takes them and the values in as queries come to them.
    Status keepKeys(std::int64_t count) {
        QS_TRY(kernelStatus(panels_.reset(config_.kv_head_count, config_.head_dim, count), "searching scales"));
        if (!rounded_) {
            kernels::rotaryEmbedding(work_[1].data(), width_k_, count, config_.kv_head_count, table_, work_[1].data(),
                                     width_k_);
            return {};
        }
        for (std::size_t i = 1; i < kConsumers.size(); ++i) rounded_work_[i].resize(work_[i].size());
        kernels::rotaryEmbedding(work_[1].data(), width_k_, count, config_.kv_head_count, table_,
                                 rounded_work_[1].data(), width_k_);
        kernels::floatToBfloat16(work_[2].data(), rounded_work_[2].data(), static_cast<std::size_t>(count * width_k_));
        return {};
    }

    template <typename Element>
    void takeKeys(const Element* keys, const Element* values, std::int64_t end) {
        const auto begin = panels_.length();
        panels_.append(keys + begin * width_k_, width_k_, values + begin * width_k_, width_k_, end - begin);
    }

    /// Attention of queries token .. token + count - 1, which must not lie before those asked for earlier.
    Status attend(std::int64_t token, std::int64_t count, float* queries, float* out) {
        shape_.query_count = count;
        const auto& stop = problem_.job.stopToken();
        if (!rounded_) {
            takeKeys(work_[1].data(), work_[2].data(), token + count);
            kernels::rotaryEmbedding(queries, width_q_, count, config_.head_count, table_, queries, width_q_, token);
            return kernelStatus(kernels::attention(shape_, queries, panels_, out, stop), "searching scales");
        }
        takeKeys(rounded_work_[1].data(), rounded_work_[2].data(), token + count);
        rounded_work_[0].resize(elements(count, width_q_));
        rounded_out_.resize(elements(count, width_q_));
        kernels::rotaryEmbedding(queries, width_q_, count, config_.head_count, table_, rounded_work_[0].data(),
                                 width_q_, token);
        QS_TRY(kernelStatus(kernels::attention(shape_, rounded_work_[0].data(), panels_, rounded_out_.data(), stop),
                            "searching scales"));
        kernels::bfloat16ToFloat(rounded_out_.data(), out, static_cast<std::size_t>(count * width_q_));
        return {};
    }

    const AwqProblem& problem_;
    const ModelConfig& config_;
    std::int64_t length_;
    std::int64_t width_q_;
    std::int64_t width_k_;
    bool rounded_;
    TokenPieces pieces_;
    std::int64_t slab_ = 0;
    std::int64_t first_sequence_ = 0;
    kernels::AttentionShape shape_;
    kernels::RotaryTable table_;
    kernels::KeyValuePanels panels_;
    kernels::PackedMatrix output_;
    Matrix error_;
    std::array<kernels::PackedMatrix, 3> change_;
    std::array<std::vector<float>, 3> base_;  // q, k, v before rotation
    std::vector<float> base_attended_;
    std::array<std::vector<float>, 3> work_;
    std::array<std::vector<std::uint16_t>, 3> rounded_work_;
    std::vector<std::uint16_t> rows_;
    std::vector<std::uint16_t> rounded_out_;
    std::vector<float> attended_;
    std::vector<float> product_;
};

}  // namespace

std::unique_ptr<AwqModule> awqAttention(const AwqProblem& problem) {
    return std::make_unique<AttentionModule>(problem);
}

}  // namespace quantoscope
