// Which bits each linear should get for a size: the multiple-choice knapsack, solved exactly (docs/mixed-bits.md).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

struct BitChoice {
    std::int64_t bits = 0;
    std::int64_t size_bits = 0;  ///< of the whole linear, with scales, zero points and index
    double loss = 0.0;           ///< finite, not negative
};
/// One linear: exactly one of its choices is taken. A pinned linear has a single one.
using LinearChoices = std::vector<BitChoice>;

struct BitAssignment {
    std::vector<std::size_t> choice;  ///< by linear: index into its choices
    std::int64_t size_bits = 0;
    double loss = 0.0;  ///< summed over the linears
};

/// The least loss that fits in the budget; of equal ones the smallest. Too small a budget is an error that says the
/// least possible size.
Result<BitAssignment> assignBits(std::span<const LinearChoices> linears, std::int64_t budget_bits,
                                 const JobContext& job);

struct LossPoint {
    std::int64_t size_bits = 0;
    double loss = 0.0;
};
/// The corners of the lower convex hull of all (size, loss), from the smallest assignment to the one of least loss.
/// No assignment lies below a line between neighbours, and each corner is what assignBits gives for its size.
Result<std::vector<LossPoint>> lossCurve(std::span<const LinearChoices> linears);

}  // namespace quantoscope
