#include <algorithm>
#include <limits>

#include "core/methods/awq_search.h"
#include "core/methods/grid_options.h"
#include "core/model/rope_frequencies.h"
#include "kernels/attention/attention.h"
#include "kernels/awq_search/awq_search.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/matmul/matmul.h"
#include "kernels/rotary_embedding/rotary_embedding.h"
#include "kernels/silu_multiply/silu_multiply.h"

namespace quantoscope {
namespace {

using kernels::MatmulOperand;
using kernels::MatmulOutput;
using kernels::PackedMatrix;

constexpr std::int64_t kSlabBytes = std::int64_t{1} << 29;
constexpr int kRoundedAttentionBits = 4;  // above, rounding attention's operands to bfloat16 would drown the change

Status packInto(const Matrix& weight, PackedMatrix& packed) {
    return kernelStatus(
        PackedMatrix::pack(weight.values.data(), weight.rows, weight.columns, MatmulOperand::bfloat16, packed),
        "preparing the scale search");
}

template <typename Input>
Status multiply(const Input* x, std::int64_t tokens, const PackedMatrix& weights, float* y, MatmulOutput output,
                const JobContext& job) {
    return kernelStatus(kernels::matmul(x, tokens, weights, y, output, job.stopToken()), "searching scales");
}

std::size_t count(std::int64_t rows, std::int64_t columns) {
    return static_cast<std::size_t>(rows * columns);
}

/// Sequences [first, first + sequences) of the calibration input.
struct Slab {
    std::int64_t first = 0;
    std::int64_t sequences = 0;
};

/// Cuts sequences so that `floats_per_token` fit in the budget; at least one sequence each.
class Slabs {
public:
    Slabs(const AwqInputs& inputs, std::int64_t floats_per_token) : total_(inputs.sequence_count) {
        const auto bytes = inputs.sequence_length * floats_per_token * std::int64_t{sizeof(float)};
        each_ = std::clamp<std::int64_t>(kSlabBytes / std::max<std::int64_t>(bytes, 1), 1, total_);
    }
    std::int64_t count() const { return (total_ + each_ - 1) / each_; }
    Slab slab(std::int64_t index) const { return {index * each_, std::min(each_, total_ - index * each_)}; }

private:
    std::int64_t total_;
    std::int64_t each_ = 1;
};

class AttentionModule final : public AwqModule {
public:
    explicit AttentionModule(const AwqProblem& problem)
        : problem_(problem),
          config_(problem.config),
          length_(problem.inputs.sequence_length),
          width_q_(config_.head_count * config_.head_dim),
          width_k_(config_.kv_head_count * config_.head_dim),
          rounded_(problem.grid.bits <= kRoundedAttentionBits),
          slabs_(problem.inputs, 2 * width_q_ + 2 * width_k_) {
        const auto frequencies = ropeInverseFrequencies(config_);
        table_ = kernels::rotaryTable(frequencies, 0, length_);
    }

    std::int64_t slabCount() const override { return slabs_.count(); }

    Status enterSlab(std::int64_t index) override {
        slab_ = slabs_.slab(index);
        QS_TRY(packInto(problem_.weight(LinearRole::o_proj), output_));
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_TRY(packInto(problem_.weight(kConsumers[i]), change_[i]));
            base_[i].resize(count(slab_.sequences * length_, width(i)));
            QS_TRY(multiply(slabInput(0), slab_.sequences * length_, change_[i], base_[i].data(), MatmulOutput::store,
                            problem_.job));
        }
        base_attended_.resize(count(slab_.sequences * length_, width_q_));
        for (std::int64_t s = 0; s < slab_.sequences; ++s) {
            for (std::size_t i = 0; i < kConsumers.size(); ++i) copyBase(s, i);
            QS_TRY(attend(base_attended_.data() + s * length_ * width_q_));
        }
        return {};
    }

    Status setScale(std::span<const float> scale) override {
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_ASSIGN(const auto error, problem_.roundingError(kConsumers[i], scale));
            QS_TRY(packInto(error, change_[i]));
        }
        return {};
    }

    Result<double> loss(double limit) override {
        double sum = 0.0;
        attended_.resize(count(length_, width_q_));
        product_.resize(count(length_, config_.hidden_size));
        for (std::int64_t s = 0; s < slab_.sequences && sum <= limit; ++s) {
            for (std::size_t i = 0; i < kConsumers.size(); ++i) {
                copyBase(s, i);
                QS_TRY(multiply(slabInput(s), length_, change_[i], work_[i].data(), MatmulOutput::add, problem_.job));
            }
            QS_TRY(attend(attended_.data()));
            kernels::subtract(attended_.data(), base_attended_.data() + s * length_ * width_q_, length_ * width_q_);
            QS_TRY(multiply(attended_.data(), length_, output_, product_.data(), MatmulOutput::store, problem_.job));
            sum += kernels::sumOfProducts(product_.data(), product_.data(), length_, config_.hidden_size);
        }
        return sum;
    }

private:
    static constexpr std::array kConsumers{LinearRole::q_proj, LinearRole::k_proj, LinearRole::v_proj};

    std::int64_t width(std::size_t consumer) const { return consumer == 0 ? width_q_ : width_k_; }
    const std::uint16_t* slabInput(std::int64_t sequence) const {
        return problem_.inputs.attention_input.data() + (slab_.first + sequence) * length_ * config_.hidden_size;
    }
    void copyBase(std::int64_t sequence, std::size_t consumer) {
        const auto size = count(length_, width(consumer));
        const auto* const from = base_[consumer].data() + static_cast<std::size_t>(sequence) * size;
        work_[consumer].assign(from, from + size);
    }

    /// Rotates the queries and keys in work_ and attends, for one sequence.
    Status attend(float* out) {
        kernels::AttentionShape shape;
        shape.query_count = shape.key_count = length_;
        shape.head_count = config_.head_count;
        shape.kv_head_count = config_.kv_head_count;
        shape.head_dim = config_.head_dim;
        const auto& stop = problem_.job.stopToken();
        if (!rounded_) {
            kernels::rotaryEmbedding(work_[0].data(), width_q_, length_, config_.head_count, table_, work_[0].data(),
                                     width_q_);
            kernels::rotaryEmbedding(work_[1].data(), width_k_, length_, config_.kv_head_count, table_, work_[1].data(),
                                     width_k_);
            return kernelStatus(kernels::attention(shape, work_[0].data(), work_[1].data(), work_[2].data(), out, stop),
                                "searching scales");
        }
        for (std::size_t i = 0; i < kConsumers.size(); ++i) rounded_work_[i].resize(work_[i].size());
        rounded_out_.resize(work_[0].size());
        kernels::rotaryEmbedding(work_[0].data(), width_q_, length_, config_.head_count, table_,
                                 rounded_work_[0].data(), width_q_);
        kernels::rotaryEmbedding(work_[1].data(), width_k_, length_, config_.kv_head_count, table_,
                                 rounded_work_[1].data(), width_k_);
        kernels::floatToBfloat16(work_[2].data(), rounded_work_[2].data(),
                                 static_cast<std::size_t>(length_ * width_k_));
        QS_TRY(kernelStatus(kernels::attention(shape, rounded_work_[0].data(), rounded_work_[1].data(),
                                               rounded_work_[2].data(), rounded_out_.data(), stop),
                            "searching scales"));
        kernels::bfloat16ToFloat(rounded_out_.data(), out, static_cast<std::size_t>(length_ * width_q_));
        return {};
    }

    const AwqProblem& problem_;
    const ModelConfig& config_;
    std::int64_t length_;
    std::int64_t width_q_;
    std::int64_t width_k_;
    bool rounded_;
    Slabs slabs_;
    Slab slab_;
    kernels::RotaryTable table_;
    PackedMatrix output_;
    std::array<PackedMatrix, 3> change_;
    std::array<std::vector<float>, 3> base_;  // q, k, v before rotation
    std::vector<float> base_attended_;
    std::array<std::vector<float>, 3> work_;
    std::array<std::vector<std::uint16_t>, 3> rounded_work_;
    std::vector<std::uint16_t> rounded_out_;
    std::vector<float> attended_;
    std::vector<float> product_;
};

class MlpModule final : public AwqModule {
public:
    explicit MlpModule(const AwqProblem& problem)
        : problem_(problem),
          hidden_(problem.config.hidden_size),
          inner_(problem.config.intermediate_size),
          slabs_(problem.inputs, 3 * inner_) {}

    std::int64_t slabCount() const override { return slabs_.count(); }

    Status enterSlab(std::int64_t index) override {
        const auto slab = slabs_.slab(index);
        tokens_ = slab.sequences * problem_.inputs.sequence_length;
        input_ = problem_.inputs.mlp_input.data() + slab.first * problem_.inputs.sequence_length * hidden_;
        QS_TRY(packInto(problem_.weight(LinearRole::down_proj), output_));
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_TRY(packInto(problem_.weight(kConsumers[i]), change_[i]));
            base_[i].resize(count(tokens_, inner_));
            QS_TRY(multiply(input_, tokens_, change_[i], base_[i].data(), MatmulOutput::store, problem_.job));
        }
        base_hidden_.resize(count(tokens_, inner_));
        kernels::siluMultiply(base_[0].data(), base_[1].data(), tokens_ * inner_, base_hidden_.data());
        return {};
    }

    Status setScale(std::span<const float> scale) override {
        for (std::size_t i = 0; i < kConsumers.size(); ++i) {
            QS_ASSIGN(const auto error, problem_.roundingError(kConsumers[i], scale));
            QS_TRY(packInto(error, change_[i]));
        }
        return {};
    }

    Result<double> loss(double limit) override {
        double sum = 0.0;
        product_.resize(count(kChunk, hidden_));
        for (std::int64_t t = 0; t < tokens_ && sum <= limit; t += kChunk) {
            const auto tokens = std::min(kChunk, tokens_ - t);
            for (std::size_t i = 0; i < kConsumers.size(); ++i) {
                const auto* const from = base_[i].data() + t * inner_;
                work_[i].assign(from, from + tokens * inner_);
                QS_TRY(multiply(input_ + t * hidden_, tokens, change_[i], work_[i].data(), MatmulOutput::add,
                                problem_.job));
            }
            kernels::siluMultiply(work_[0].data(), work_[1].data(), tokens * inner_, work_[0].data());
            kernels::subtract(work_[0].data(), base_hidden_.data() + t * inner_, tokens * inner_);
            QS_TRY(multiply(work_[0].data(), tokens, output_, product_.data(), MatmulOutput::store, problem_.job));
            sum += kernels::sumOfProducts(product_.data(), product_.data(), tokens, hidden_);
        }
        return sum;
    }

private:
    static constexpr std::array kConsumers{LinearRole::gate_proj, LinearRole::up_proj};
    static constexpr std::int64_t kChunk = 256;

    const AwqProblem& problem_;
    std::int64_t hidden_;
    std::int64_t inner_;
    Slabs slabs_;
    std::int64_t tokens_ = 0;
    const std::uint16_t* input_ = nullptr;
    PackedMatrix output_;
    std::array<PackedMatrix, 2> change_;
    std::array<std::vector<float>, 2> base_;
    std::vector<float> base_hidden_;
    std::array<std::vector<float>, 2> work_;
    std::vector<float> product_;
};

/// One linear alone: the sum over tokens of (x . d)^2 is d^T G d with G the Gram matrix of its input.
class LinearModule final : public AwqModule {
public:
    LinearModule(const AwqProblem& problem, LinearRole role) : problem_(problem), role_(role) {}

    Status enterSlab(std::int64_t) override {
        return packInto(problem_.inputs.statistics[static_cast<std::size_t>(inputSite(role_))].gram, gram_);
    }

    Status setScale(std::span<const float> scale) override {
        QS_ASSIGN(change_, problem_.roundingError(role_, scale));
        return {};
    }

    Result<double> loss(double limit) override {
        double sum = 0.0;
        product_.resize(count(kChunk, change_.columns));
        for (std::int64_t i = 0; i < change_.rows && sum <= limit; i += kChunk) {
            const auto rows = std::min(kChunk, change_.rows - i);
            const float* const change = change_.row(i).data();
            QS_TRY(multiply(change, rows, gram_, product_.data(), MatmulOutput::store, problem_.job));
            sum += kernels::sumOfProducts(change, product_.data(), rows, change_.columns);
        }
        return sum;
    }

private:
    static constexpr std::int64_t kChunk = 192;

    const AwqProblem& problem_;
    LinearRole role_;
    PackedMatrix gram_;
    Matrix change_;
    std::vector<float> product_;
};

}  // namespace

std::unique_ptr<AwqModule> awqAttention(const AwqProblem& problem) {
    return std::make_unique<AttentionModule>(problem);
}
std::unique_ptr<AwqModule> awqMlp(const AwqProblem& problem) {
    return std::make_unique<MlpModule>(problem);
}
std::unique_ptr<AwqModule> awqLinear(const AwqProblem& problem, LinearRole role) {
    return std::make_unique<LinearModule>(problem, role);
}

}  // namespace quantoscope
