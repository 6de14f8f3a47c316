// One thread's share of a product with packed weights (private to kernels/matmul).
#pragma once

#include <cstdint>

#include "kernels/matmul/panel_layout.h"

namespace quantoscope::kernels {

/// y = or += x W^T for `rows` rows of x and the first `outputs` outputs of consecutive panels.
template <typename Element>
struct PanelProduct {
    const Element* x;
    std::int64_t x_stride;
    std::int64_t rows;
    std::int64_t columns;
    const Element* panels;
    std::int64_t outputs;
    float* y;
    std::int64_t y_stride;
    bool add;
    float* scratch;  ///< kWidenedScratch floats for multiplyWidened
};

inline constexpr std::int64_t kWidenedRowElements = std::int64_t{256} * 1024;  ///< of x, 1 MiB: half of a common L2
inline constexpr std::int64_t kWidenedScratch = kWidenedRowElements + kColumnChunk * kPanelWidth;

#define QS_DECLARE_PANEL_PRODUCTS(isa)                                                                    \
    namespace isa {                                                                                       \
    void multiplyFloat32(const PanelProduct<float>& product);                                             \
    /* bfloat16 operands widened block by block, float32 products. */                                     \
    void multiplyWidened(const PanelProduct<std::uint16_t>& product);                                     \
    /* Rounds up to kPanelWidth dense rows into one panel. */                                             \
    void packPairs(const float* weights, std::int64_t width, std::int64_t columns, std::uint16_t* panel); \
    }
QS_DECLARE_PANEL_PRODUCTS(simd_baseline)
QS_DECLARE_PANEL_PRODUCTS(simd_avx2)
QS_DECLARE_PANEL_PRODUCTS(simd_avx512)
#undef QS_DECLARE_PANEL_PRODUCTS
namespace simd_avx512 {
/// VDPBF16PS on pairs of columns; only at CpuLevel::avx512_bf16.
void multiplyPairs(const PanelProduct<std::uint16_t>& product);
}  // namespace simd_avx512

/// Whether bfloat16 products use multiplyPairs: the level has it and the processor is not Intel's, where VDPBF16PS runs
/// at a quarter of the rate of fused multiply-adds (164 against 290 GFLOP/s on two cores), so that widening is faster.
bool usesBfloat16Pairs();
/// For tests and benches: forces one or the other where the level allows; `detect` puts the rule back.
enum class PairsChoice : std::uint8_t { detect, never, always };
void choosePairs(PairsChoice choice);

}  // namespace quantoscope::kernels
