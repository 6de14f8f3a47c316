// AWQ's search for channel scales: which power of the mean input, multiplied into the weights before rounding and
// divided out after it, changes a module's output least. Only the change is computed, never the output itself: errors
// of rounding operands to bfloat16 then are relative to the change.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/option.h"
#include "core/base/result.h"
#include "core/methods/awq_inputs.h"
#include "core/model/decoder_block.h"
#include "core/tensor/matrix.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope {

/// A module whose output change is measured piece by piece: a piece is some neighbouring tokens or output rows. Pieces
/// are gone through some sequences at a time (a slab), so that memory stays bounded.
class AwqModule {
public:
    struct PieceRange {
        std::int64_t begin = 0;
        std::int64_t end = 0;
    };

    virtual ~AwqModule() = default;
    /// All pieces, of all slabs.
    virtual std::int64_t pieceCount() const = 0;
    virtual std::int64_t slabCount() const { return 1; }
    virtual PieceRange slabPieces(std::int64_t slab) const = 0;
    /// Computes what the slab's candidates share.
    virtual Status enterSlab(std::int64_t slab) = 0;
    /// About how much each piece of the slab weighs in any candidate's loss; only their order and size matter.
    virtual Result<std::vector<double>> weights() = 0;
    /// Rounds the consumers in the coordinates of these scales. A candidate's scales never change: what was computed
    /// of it in the slab may be kept under its number.
    virtual Status setScale(std::size_t candidate, std::span<const float> scale) = 0;
    /// Sum of squares of the output's change of each of these pieces of the slab, which are ascending.
    virtual Status losses(std::span<const std::int64_t> pieces, std::span<double> losses) = 0;
};

/// The scales of the best of `ratios` candidates mean_absolute^(k / ratios), the first of equal ones. Candidates race:
/// one leaves as soon as the pieces seen so far say that it loses more than the leader by three standard errors of the
/// paired difference. Who stays to the end is measured on every piece, as the original does with all.
Result<std::vector<float>> searchScale(AwqModule& module, std::span<const float> mean_absolute, std::int64_t ratios,
                                       const JobContext& job);
/// s = max(mean^ratio, 1e-4), divided by sqrt(max s * min s).
std::vector<float> candidateScale(std::span<const float> mean_absolute, double ratio);

/// What all modules of a block work with. Weights are the block's original ones, by LinearRole.
struct AwqProblem {
    const ModelConfig& config;
    const std::array<Matrix, 7>& weights;
    const AwqInputs& inputs;
    std::array<kernels::GridOptions, 7> grids;  ///< by LinearRole
    const OptionValues& options;
    JobContext& job;

    const Matrix& weight(LinearRole role) const { return weights[static_cast<std::size_t>(role)]; }
    const kernels::GridOptions& grid(LinearRole role) const { return grids[static_cast<std::size_t>(role)]; }
    /// Q(W s) / s - W of some rows of this linear.
    Status roundingError(LinearRole role, const Matrix& weight, std::span<const float> scale, Matrix& error) const;
};

std::unique_ptr<AwqModule> awqAttention(const AwqProblem& problem);  ///< q, k, v through o
std::unique_ptr<AwqModule> awqMlp(const AwqProblem& problem);        ///< gate, up through down
/// The outputs of these linears themselves, by the Gram matrix of the input they share.
std::unique_ptr<AwqModule> awqLinears(const AwqProblem& problem, std::span<const LinearRole> roles);
/// searchScale() of the same, on the GPU where the Gram matrix is there: every candidate is measured whole then.
Result<std::vector<float>> searchLinearsScale(const AwqProblem& problem, std::span<const LinearRole> roles,
                                              std::int64_t ratios);

}  // namespace quantoscope
