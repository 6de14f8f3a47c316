// The uniform integer grid of a group of weights: its scale and zero point from the group's range, and the codes on it.
//
// A grid has m = 2^bits - 1; value = scale * (code - zero_point), code = clamp(round(w / scale) + zero_point, 0, m).
// Rounding is to nearest, ties to even; w is divided by the scale, never multiplied by an inverse; all in float32.
// Groups are runs of group_size consecutive columns, the last may be short. Every version gives the same bytes.
//
// Ranges: `with_zero` as IST-DASLab/gptq quant.py takes them (zero always inside), `as_is` as mit-han-lab/llm-awq does
// (a group that does not straddle zero is clamped badly: that is the method). Weights must be finite.
#pragma once

#include <cstdint>
#include <stop_token>

#include "kernels/base/kernel_status.h"

namespace quantoscope::kernels {

enum class GridRange : std::uint8_t { with_zero, as_is };

struct GridOptions {
    int bits = 4;  ///< 2 to 8
    GridRange range = GridRange::with_zero;
    bool symmetric = false;       ///< zero point 2^(bits-1)
    bool search_range = false;    ///< with_zero only: try 80 shrunken ranges, keep the least sum of |error|^2.4
    bool float16_scales = false;  ///< round scales to float16 before anything is derived from them; never 0 there
};

struct GridPoint {
    float scale;
    float zero_point;
};

/// Scale and zero point for a range lo <= hi.
GridPoint gridOfRange(float lo, float hi, const GridOptions& options);
/// Of `count` values that lie `stride` elements apart: range, and the search when asked for.
GridPoint gridOfValues(const float* values, std::int64_t count, std::int64_t stride, const GridOptions& options);

/// A matrix whose rows are `row_stride` elements apart, cut in groups.
struct GroupedMatrix {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t group_size = 0;
    std::int64_t row_stride = 0;
    std::int64_t groupCount() const { return (columns + group_size - 1) / group_size; }
};

/// scales and zero_points: rows x groupCount().
KernelStatus findGrids(const float* weights, const GroupedMatrix& shape, const GridOptions& options, float* scales,
                       float* zero_points, const std::stop_token& stop = {});
/// codes: rows x columns, dense.
KernelStatus encodeGroups(const float* weights, const GroupedMatrix& shape, const float* scales,
                          const float* zero_points, int bits, std::uint8_t* codes, const std::stop_token& stop = {});
/// Both, then the value of each code: values is rows x columns with the row stride of the weights and may be the
/// weights themselves. The inner step of a search over scales or clip limits.
KernelStatus roundToGrids(const float* weights, const GroupedMatrix& shape, const GridOptions& options, float* values,
                          const std::stop_token& stop = {});

/// error(i, j) = Q(W(i, j) * input_scale(j)) / input_scale(j) - W(i, j), Q rounding every group to its own grid: what
/// quantization in scaled coordinates does to the weights. error: rows x columns, dense. Scales must not be 0.
KernelStatus scaledRoundingError(const float* weights, const GroupedMatrix& shape, const GridOptions& options,
                                 const float* input_scale, float* error, const std::stop_token& stop = {});

/// Plain loops: the definition.
namespace reference {
GridPoint gridOfValues(const float* values, std::int64_t count, std::int64_t stride, const GridOptions& options);
void encode(const float* weights, std::int64_t count, GridPoint grid, int bits, std::uint8_t* codes);
void round(const float* weights, std::int64_t count, GridPoint grid, int bits, float* values);
void scale(const float* weights, const float* scales, std::int64_t count, float* scaled);
void scaledError(const float* weights, const float* scales, std::int64_t count, GridPoint grid, int bits,
                 float* scaled);
}  // namespace reference

/// One contiguous group at a time, by instruction set; called through the functions above.
struct GroupFunctions {
    void (*range)(const float* values, std::int64_t count, float& lo, float& hi);
    void (*encode)(const float* weights, std::int64_t count, GridPoint grid, int bits, std::uint8_t* codes);
    void (*round)(const float* weights, std::int64_t count, GridPoint grid, int bits, float* values);
    void (*scale)(const float* weights, const float* scales, std::int64_t count, float* scaled);
    /// From the scaled weights to the error, in place.
    void (*scaled_error)(const float* weights, const float* scales, std::int64_t count, GridPoint grid, int bits,
                         float* scaled);
};
namespace simd_avx2 {
GroupFunctions groupFunctions();
}
namespace simd_avx512 {
GroupFunctions groupFunctions();
}

}  // namespace quantoscope::kernels
