// What the modules of AWQ's scale search share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "core/methods/awq_search.h"
#include "core/methods/grid_options.h"
#include "kernels/awq_search/awq_search.h"
#include "kernels/matmul/matmul.h"

namespace quantoscope {

/// Sequences of the calibration input cut into slabs whose activations fit in a budget, and into pieces of some
/// neighbouring tokens; a piece does not cross a sequence.
class TokenPieces {
public:
    TokenPieces(const AwqInputs& inputs, std::int64_t floats_per_token)
        : length_(inputs.sequence_length),
          total_(inputs.sequence_count),
          per_sequence_((length_ + kTokens - 1) / kTokens) {
        const auto bytes = length_ * floats_per_token * std::int64_t{sizeof(float)};
        each_ = std::clamp<std::int64_t>(kSlabBytes / std::max<std::int64_t>(bytes, 1), 1, total_);
    }

    std::int64_t count() const { return total_ * per_sequence_; }
    std::int64_t slabCount() const { return (total_ + each_ - 1) / each_; }
    std::int64_t firstSequence(std::int64_t slab) const { return slab * each_; }
    std::int64_t sequences(std::int64_t slab) const { return std::min(each_, total_ - slab * each_); }
    AwqModule::PieceRange range(std::int64_t slab) const {
        const auto first = firstSequence(slab);
        return {first * per_sequence_, (first + sequences(slab)) * per_sequence_};
    }
    std::int64_t sequence(std::int64_t piece) const { return piece / per_sequence_; }
    /// Within its sequence.
    std::int64_t firstToken(std::int64_t piece) const { return piece % per_sequence_ * kTokens; }
    std::int64_t tokens(std::int64_t piece) const { return std::min(kTokens, length_ - firstToken(piece)); }

    /// Sums of squares over the pieces' rows of `values`, which lie behind one another.
    std::vector<double> energies(std::span<const std::int64_t> pieces, const float* values, std::int64_t width) const {
        std::vector<double> sums;
        for (const auto piece : pieces) {
            sums.push_back(kernels::sumOfProducts(values, values, tokens(piece), width));
            values += tokens(piece) * width;
        }
        return sums;
    }
    /// The same of all pieces of a slab.
    std::vector<double> energies(std::int64_t slab, const float* values, std::int64_t width) const {
        std::vector<std::int64_t> pieces;
        for (auto piece = range(slab).begin; piece < range(slab).end; ++piece) pieces.push_back(piece);
        return energies(pieces, values, width);
    }

    static constexpr std::int64_t kTokens = 16;

private:
    static constexpr std::int64_t kSlabBytes = std::int64_t{1} << 29;

    std::int64_t length_;
    std::int64_t total_;
    std::int64_t per_sequence_;
    std::int64_t each_ = 1;
};

inline Status packInto(const Matrix& weight, kernels::PackedMatrix& packed) {
    return kernelStatus(kernels::PackedMatrix::pack(weight.values.data(), weight.rows, weight.columns,
                                                    kernels::MatmulOperand::bfloat16, packed),
                        "preparing the scale search");
}

template <typename Input>
Status multiply(const Input* x, std::int64_t tokens, const kernels::PackedMatrix& weights, float* y,
                kernels::MatmulOutput output, const JobContext& job) {
    return kernelStatus(kernels::matmul(x, tokens, weights, y, output, job.stopToken()), "searching scales");
}

inline std::size_t elements(std::int64_t rows, std::int64_t columns) {
    return static_cast<std::size_t>(rows * columns);
}

/// What the attention and the MLP share: pieces are tokens, and the change passes through one linear at the end.
class TokenModule : public AwqModule {
public:
    std::int64_t pieceCount() const final { return pieces_.count(); }
    std::int64_t slabCount() const final { return pieces_.slabCount(); }
    PieceRange slabPieces(std::int64_t slab) const final { return pieces_.range(slab); }
    /// By the module's unchanged output: tokens with large outputs have large changes.
    Result<std::vector<double>> weights() final {
        QS_TRY(multiplyOut(base_.data(), pieces_.sequences(slab_) * length_));
        return pieces_.energies(slab_, product_.data(), output_.rows());
    }

protected:
    TokenModule(const AwqProblem& problem, const std::vector<std::uint16_t>& inputs, std::int64_t floats_per_token)
        : problem_(problem),
          inputs_(inputs),
          length_(problem.inputs.sequence_length),
          pieces_(problem.inputs, floats_per_token) {}

    /// Returns the slab's number of tokens.
    std::int64_t enter(std::int64_t slab) {
        slab_ = slab;
        first_sequence_ = pieces_.firstSequence(slab);
        return pieces_.sequences(slab) * length_;
    }
    /// `token` counts from the start of the slab.
    const std::uint16_t* input(std::int64_t token) const {
        return inputs_.data() + (first_sequence_ * length_ + token) * problem_.config.hidden_size;
    }
    /// First token of a piece within the slab.
    std::int64_t place(std::int64_t piece) const {
        return (pieces_.sequence(piece) - first_sequence_) * length_ + pieces_.firstToken(piece);
    }
    Status packRounding(LinearRole role, std::span<const float> scale, kernels::PackedMatrix& packed) {
        QS_TRY(problem_.roundingError(role, problem_.weight(role), scale, error_));
        return packInto(error_, packed);
    }
    /// change = what the pieces' rows put into the last linear now, less what they put in unchanged.
    Status outputLosses(const float* change, std::int64_t tokens, std::span<const std::int64_t> pieces,
                        std::span<double> losses) {
        QS_TRY(multiplyOut(change, tokens));
        std::ranges::copy(pieces_.energies(pieces, product_.data(), output_.rows()), losses.begin());
        return {};
    }

    const AwqProblem& problem_;
    const std::vector<std::uint16_t>& inputs_;
    std::int64_t length_;
    TokenPieces pieces_;
    std::int64_t slab_ = 0;
    std::int64_t first_sequence_ = 0;
    kernels::PackedMatrix output_;  // the last linear, unchanged
    std::vector<float> base_;       // what goes into it unchanged, of the whole slab

private:
    Status multiplyOut(const float* x, std::int64_t tokens) {
        product_.resize(elements(tokens, output_.rows()));
        return multiply(x, tokens, output_, product_.data(), kernels::MatmulOutput::store, problem_.job);
    }

    Matrix error_;
    std::vector<float> product_;
};

}  // namespace quantoscope
