// One linear after quantization: integer codes and everything needed to make weights of them again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/tensor/matrix.h"

namespace quantoscope {

/// Value of row i, column j (group g = group_index[j], or j / group_size when group_index is empty):
///   folded(i, j) = scales(i, g) * (codes(i, j) - zero_points(i, g))
/// A method that rescales channels quantizes folded weights, folded(i, j) = W(i, j) * input_scale[j] / output_scale[i];
/// both vectors are empty when it does not. All arithmetic is float32 in the order written.
struct QuantizedTensor {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    int bits = 0;                           ///< 1 to 8
    std::int64_t group_size = 0;            ///< columns in a group; equals `columns` per channel; the last may be short
    std::vector<std::uint8_t> codes;        ///< rows x columns, original column order, 0 .. 2^bits - 1
    Matrix scales;                          ///< rows x groups
    Matrix zero_points;                     ///< rows x groups, whole numbers
    std::vector<std::int32_t> group_index;  ///< columns entries when groups are not consecutive columns, else empty
    std::vector<float> input_scale;         ///< columns entries or empty
    std::vector<float> output_scale;        ///< rows entries or empty
    bool symmetric = false;                 ///< the grid is symmetric around zero (zero point 2^(bits-1))
    int scale_bits = 32;                    ///< 32 or 16: how many bits a scale takes (scale_dtype)

    std::int64_t groupCount() const { return scales.columns; }
    std::int64_t groupOf(std::int64_t column) const {
        return group_index.empty() ? column / group_size : group_index[static_cast<std::size_t>(column)];
    }
    /// The weights the quantized model computes with (folded coordinates).
    Matrix dequantize() const;
    /// Rows [first, first + count) of dequantize(): big matrices are read in slices.
    Matrix dequantizeRows(std::int64_t first, std::int64_t count) const;
    /// The same weights in the original model's coordinates, for comparison with W.
    Matrix dequantizeUnfolded() const;
    /// Codes, scales, zero points and the group index, in bits per weight.
    double bitsPerWeight() const;
    /// Shapes agree, codes fit, scales are finite: what a reader of untrusted files asks first.
    Status validate(const std::string& name) const;
};

}  // namespace quantoscope
