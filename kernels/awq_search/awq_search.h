// The inner steps of AWQ's two searches (arXiv 2306.00978; mit-han-lab/llm-awq auto_scale.py, auto_clip.py).
//
// Rows are shared between threads; every row's arithmetic has a fixed order, so results do not depend on their number.
#pragma once

#include <cstdint>
#include <stop_token>

#include "kernels/base/kernel_status.h"
#include "kernels/group_grid/group_grid.h"

namespace quantoscope::kernels {

/// sum over all i, j of a(i, j) * b(i, j): float32 products, one float64 sum a row, rows added in order.
double sumOfProducts(const float* a, const float* b, std::int64_t rows, std::int64_t columns);

/// values(i) -= base(i).
void subtract(float* values, const float* base, std::int64_t count);

/// Candidates of the clip search: limit = largest |w| * (1 - k / steps), k = 0 .. candidates - 1.
struct ClipGrid {
    std::int64_t steps = 20;
    std::int64_t candidates = 10;
};

/// For every row and group the limit c whose clamped and rounded weights change the group's output least:
///   error = d^T G d,  d = Q(clamp(w, -c, c)) - w,  G the group's Gram matrix over calibration tokens
/// The first of equal candidates wins. grams: groups behind one another, each group_size x group_size (a short last
/// group has a matrix of its own size). limits: rows x groups.
KernelStatus findClipLimits(const float* weights, const GroupedMatrix& shape, const GridOptions& grid,
                            const ClipGrid& clip, const float* grams, float* limits, const std::stop_token& stop = {});
/// weights(i, j) = clamp to its row's and group's limit, in place.
void clampToLimits(float* weights, const GroupedMatrix& shape, const float* limits);

/// Plain loops, errors summed in double.
void findClipLimitsReference(const float* weights, const GroupedMatrix& shape, const GridOptions& grid,
                             const ClipGrid& clip, const float* grams, float* limits);

}  // namespace quantoscope::kernels
