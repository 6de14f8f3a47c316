#include "core/methods/awq_module_parts.h"
#include "kernels/silu_multiply/silu_multiply.h"

namespace quantoscope {
namespace {

using kernels::MatmulOutput;

class MlpModule final : public AwqModule {
public:
    explicit MlpModule(const AwqProblem& problem)
        : problem_(problem),
          length_(problem.inputs.sequence_length),
          hidden_(problem.config.hidden_size),
          inner_(problem.config.intermediate_size),
          pieces_(problem.inputs, 3 * inner_) {}

    std::int64_t pieceCount() const override { return pieces_.count(); }
    std::int64_t slabCount() const override { return pieces_.slabCount(); }
    PieceRange slabPieces(std::int64_t slab) const override { return pieces_.range(slab); }

    Status enterSlab(std::int64_t slab) override {
        slab_ = slab;
        first_sequence_ = pieces_.firstSequence(slab);
        const auto tokens = pieces_.sequences(slab) * length_;
        QS_TRY(packInto(problem_.weight(LinearRole::down_proj), output_));
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_TRY(packInto(problem_.weight(kConsumers[i]), change_[i]));
            base_[i].resize(elements(tokens, inner_));
            QS_TRY(multiply(input(0), tokens, change_[i], base_[i].data(), MatmulOutput::store, problem_.job));
        }
        base_hidden_.resize(elements(tokens, inner_));
        kernels::siluMultiply(base_[0].data(), base_[1].data(), tokens * inner_, base_hidden_.data());
        return {};
    }

    /// By the module's unchanged output: tokens with large outputs have large changes.
    Result<std::vector<double>> weights() override {
        const auto tokens = pieces_.sequences(slab_) * length_;
        product_.resize(elements(tokens, hidden_));
        QS_TRY(multiply(base_hidden_.data(), tokens, output_, product_.data(), MatmulOutput::store, problem_.job));
        return pieces_.energies(slab_, product_.data(), hidden_);
    }

    Status setScale(std::span<const float> scale) override {
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_TRY(problem_.roundingError(problem_.weight(kConsumers[i]), scale, error_));
            QS_TRY(packInto(error_, change_[i]));
        }
        return {};
    }

    Status losses(std::span<const std::int64_t> pieces, std::span<double> losses) override {
        for (std::size_t first = 0; first < pieces.size(); first += kTogether) {
            const auto count = std::min(kTogether, pieces.size() - first);
            QS_TRY(someLosses(pieces.subspan(first, count), losses.subspan(first, count)));
        }
        return {};
    }

private:
    static constexpr std::array kConsumers{LinearRole::gate_proj, LinearRole::up_proj};
    static constexpr std::size_t kTogether = 32;

    /// First token of a piece within the slab.
    std::int64_t place(std::int64_t piece) const {
        return (pieces_.sequence(piece) - first_sequence_) * length_ + pieces_.firstToken(piece);
    }
    const std::uint16_t* input(std::int64_t token) const {
        return problem_.inputs.mlp_input.data() + (first_sequence_ * length_ + token) * hidden_;
    }

    /// Inputs and unchanged products of some pieces, behind one another.
    std::int64_t collect(std::span<const std::int64_t> pieces) {
        rows_.clear();
        for (auto& work : work_) work.clear();
        std::int64_t tokens = 0;
        for (const auto piece : pieces) {
            const auto token = place(piece);
            const auto count = pieces_.tokens(piece);
            rows_.insert(rows_.end(), input(token), input(token + count));
            for (std::size_t i = 0; i < kConsumers.size(); ++i)
                work_[i].insert(work_[i].end(), base_[i].begin() + token * inner_,
                                base_[i].begin() + (token + count) * inner_);
            tokens += count;
        }
        return tokens;
    }

    Status someLosses(std::span<const std::int64_t> pieces, std::span<double> losses) {
        const auto tokens = collect(pieces);
        for (std::size_t i = 0; i < kConsumers.size(); ++i)
            QS_TRY(multiply(rows_.data(), tokens, change_[i], work_[i].data(), MatmulOutput::add, problem_.job));
        float* const hidden = work_[0].data();
        kernels::siluMultiply(hidden, work_[1].data(), tokens * inner_, hidden);
        std::int64_t row = 0;
        for (const auto piece : pieces) {
            const auto count = pieces_.tokens(piece);
            kernels::subtract(hidden + row * inner_, base_hidden_.data() + place(piece) * inner_, count * inner_);
            row += count;
        }
        product_.resize(elements(tokens, hidden_));
        QS_TRY(multiply(hidden, tokens, output_, product_.data(), MatmulOutput::store, problem_.job));
        std::ranges::copy(pieces_.energies(pieces, product_.data(), hidden_), losses.begin());
        return {};
    }

    const AwqProblem& problem_;
    std::int64_t length_;
    std::int64_t hidden_;
    std::int64_t inner_;
    TokenPieces pieces_;
    std::int64_t slab_ = 0;
    std::int64_t first_sequence_ = 0;
    kernels::PackedMatrix output_;
    Matrix error_;
    std::array<kernels::PackedMatrix, 2> change_;
    std::array<std::vector<float>, 2> base_;
    std::vector<float> base_hidden_;
    std::vector<std::uint16_t> rows_;
    std::array<std::vector<float>, 2> work_;
    std::vector<float> product_;
};

}  // namespace

std::unique_ptr<AwqModule> awqMlp(const AwqProblem& problem) {
    return std::make_unique<MlpModule>(problem);
}

}  // namespace quantoscope
