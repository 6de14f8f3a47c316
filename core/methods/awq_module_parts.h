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

}  // namespace quantoscope
