#include "kernels/gram/gram_lanes.h"

namespace quantoscope::kernels::avx512 {
namespace {

constexpr std::int64_t kPairChunkRows = 256;

/// Word c of pair p holds rows 2p (low half) and 2p + 1 of column first + c.
void packPairs(const void* x, std::int64_t rows, std::int64_t columns, std::int64_t first, std::uint32_t* panel) {
    const auto* const values = static_cast<const std::uint16_t*>(x);
    const auto width = std::min(kGramTile, columns - first);
    for (std::int64_t t = 0; t < rows; t += 2, panel += kGramTile) {
        const std::uint16_t* const low = values + t * columns + first;
        if (t + 1 < rows) {
            const std::uint16_t* const high = low + columns;
            for (std::int64_t c = 0; c < width; ++c)
                panel[c] = static_cast<std::uint32_t>(low[c]) | (static_cast<std::uint32_t>(high[c]) << 16U);
        } else {
            for (std::int64_t c = 0; c < width; ++c) panel[c] = low[c];
        }
        std::fill(panel + width, panel + kGramTile, 0U);
    }
}

__m512bh asPairs(__m512i words) {
    return reinterpret_cast<__m512bh>(words);
}

void multiplyPairStrip(const std::uint32_t* strip, const std::uint32_t* other, std::int64_t pairs, float* product) {
    __m512 sums[kStrip][kVectors];
    for (auto& row : sums)
        for (auto& sum : row) sum = _mm512_setzero_ps();
    for (std::int64_t p = 0; p < pairs; ++p, strip += kGramTile, other += kGramTile) {
        __m512bh right[kVectors];
        for (int v = 0; v < kVectors; ++v) right[v] = asPairs(_mm512_loadu_si512(other + v * 16));
        for (int i = 0; i < kStrip; ++i) {
            const __m512bh left = asPairs(_mm512_set1_epi32(static_cast<int>(strip[i])));
            for (int v = 0; v < kVectors; ++v) sums[i][v] = _mm512_dpbf16_ps(sums[i][v], left, right[v]);
        }
    }
    for (int i = 0; i < kStrip; ++i)
        for (int v = 0; v < kVectors; ++v) _mm512_storeu_ps(product + i * kGramTile + v * 16, sums[i][v]);
}

void multiplyPairs(const std::uint32_t* panel_i, const std::uint32_t* panel_j, std::int64_t rows, float* product) {
    for (std::int64_t i = 0; i < kGramTile; i += kStrip)
        multiplyPairStrip(panel_i + i, panel_j, (rows + 1) / 2, product + i * kGramTile);
}

}  // namespace

GramFunctions gramFunctions(bool bfloat16_input) {
    return float32Functions(bfloat16_input);
}

GramFunctions gramFunctionsBfloat16Product() {
    return {kPairChunkRows, kPairChunkRows / 2 * kGramTile, packPairs, multiplyPairs};
}

}  // namespace quantoscope::kernels::avx512
