// Second moments of a layer's input: gram(i, j) += sum over rows t of x(t, i) x(t, j).
//
// x: rows x columns, dense row-major. gram: columns x columns float32; entries below the diagonal are undefined until
// gramMirror is called once at the end. Sums are float32 (the reference's are double), over the rows as they come, in
// an order that depends on shapes and CPU level but not on threads. bfloat16 inputs (bit patterns) have products that
// float32 holds exactly. The processors' own bfloat16 product is not used: where we measured it (Intel without AMX) it
// reaches 164 GFLOP/s against 291 in float32, and it drops subnormals.
#pragma once

#include <cstdint>
#include <stop_token>

#include "kernels/base/kernel_status.h"

namespace quantoscope::kernels {

KernelStatus gramAdd(const float* x, std::int64_t rows, std::int64_t columns, float* gram,
                     const std::stop_token& stop = {});
KernelStatus gramAdd(const std::uint16_t* x, std::int64_t rows, std::int64_t columns, float* gram,
                     const std::stop_token& stop = {});
/// Copies the entries above the diagonal below it.
void gramMirror(float* gram, std::int64_t columns);

/// Plain loops, sums in double.
void gramReference(const float* x, std::int64_t rows, std::int64_t columns, float* gram);

/// A tile of the product by instruction set; called through gramAdd. A panel is kGramTile columns of at most chunk_rows
/// rows, packed so that the product reads it from front to back.
inline constexpr std::int64_t kGramTile = 48;
struct GramFunctions {
    std::int64_t chunk_rows;   ///< rows in a panel at most
    std::int64_t panel_words;  ///< 4-byte words of a packed panel
    /// Packs columns [first, first + kGramTile) of `rows` rows; columns past the end become zero.
    void (*pack)(const void* x, std::int64_t rows, std::int64_t columns, std::int64_t first, std::uint32_t* panel);
    /// product (kGramTile x kGramTile) = sum over rows of panel_i x panel_j.
    void (*multiply)(const std::uint32_t* panel_i, const std::uint32_t* panel_j, std::int64_t rows, float* product);
};
namespace simd_avx2 {
GramFunctions gramFunctions(bool bfloat16_input);
}
namespace simd_avx512 {
GramFunctions gramFunctions(bool bfloat16_input);
}

}  // namespace quantoscope::kernels
