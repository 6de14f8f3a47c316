#include "core/methods/awq_module_parts.h"
#include "kernels/silu_multiply/silu_multiply.h"

namespace quantoscope {
namespace {

using kernels::MatmulOutput;

class MlpModule final : public TokenModule {
public:
    explicit MlpModule(const AwqProblem& problem)
        : TokenModule(problem, problem.inputs.mlp_input, 3 * problem.config.intermediate_size),
          inner_(problem.config.intermediate_size) {}

    Status enterSlab(std::int64_t slab) override {
        const auto tokens = enter(slab);
        QS_TRY(packInto(problem_.weight(LinearRole::down_proj), output_));
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_TRY(packInto(problem_.weight(kConsumers[i]), change_[i]));
            unchanged_[i].resize(elements(tokens, inner_));
            QS_TRY(multiply(input(0), tokens, change_[i], unchanged_[i].data(), MatmulOutput::store, problem_.job));
        }
        base_.resize(elements(tokens, inner_));
        kernels::siluMultiply(unchanged_[0].data(), unchanged_[1].data(), tokens * inner_, base_.data());
        return {};
    }

    Status setScale(std::size_t, std::span<const float> scale) override {
        for (std::size_t i = 0; i < kConsumers.size(); ++i) QS_TRY(packRounding(kConsumers[i], scale, change_[i]));
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
                work_[i].insert(work_[i].end(), unchanged_[i].begin() + token * inner_,
                                unchanged_[i].begin() + (token + count) * inner_);
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
            kernels::subtract(hidden + row * inner_, base_.data() + place(piece) * inner_, count * inner_);
            row += count;
        }
        return outputLosses(hidden, tokens, pieces, losses);
    }

    std::int64_t inner_;
    std::array<kernels::PackedMatrix, 2> change_;
    std::array<std::vector<float>, 2> unchanged_;  // gate and up
    std::array<std::vector<float>, 2> work_;
    std::vector<std::uint16_t> rows_;
};

}  // namespace

std::unique_ptr<AwqModule> awqMlp(const AwqProblem& problem) {
    return std::make_unique<MlpModule>(problem);
}

}  // namespace quantoscope
