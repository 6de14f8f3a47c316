// Products of a few rows with one panel of 64 outputs, for one instruction set (kernels/base/simd.h, panel_layout.h).
//
// Accumulators stay in registers over all columns; each element is one chain of fused multiply-adds in column order, so
// it does not depend on how many rows are done together.
#pragma once

#include "kernels/base/simd_bfloat16.h"
#include "kernels/matmul/panel_layout.h"

namespace quantoscope::kernels::QS_SIMD {

/// Writes or adds one row of accumulators; `width` columns are valid.
template <int Vectors>
inline void storeRow(const Floats* sums, float* y, std::int64_t width, bool add) {
    for (int v = 0; v < Vectors; ++v) {
        const std::int64_t lanes = width - v * kWidth;
        if (lanes <= 0) return;
        float* to = y + v * kWidth;
        if (lanes >= kWidth)
            store(to, add ? load(to) + sums[v] : sums[v]);
        else
            storeFirst(to, add ? loadFirst(to, lanes) + sums[v] : sums[v], lanes);
    }
}

template <int Rows>
void tile(const float* a, std::int64_t a_stride, std::int64_t columns, const float* panel, float* y,
          std::int64_t y_stride, std::int64_t width, bool add) {
    constexpr int kGroup = kTileVectors * kWidth;
    for (std::int64_t first = 0; first < width; first += kGroup) {
        Floats sums[Rows][kTileVectors];
        for (auto& row : sums)
            for (auto& sum : row) sum = all(0.0F);
        const float* b = panel + first;
        for (std::int64_t c = 0; c < columns; ++c, b += kPanelWidth) {
            Floats weights[kTileVectors];
            for (int v = 0; v < kTileVectors; ++v) weights[v] = load(b + v * kWidth);
            for (int r = 0; r < Rows; ++r) {
                const Floats x = all(a[r * a_stride + c]);
                for (int v = 0; v < kTileVectors; ++v) sums[r][v] = multiplyAdd(x, weights[v], sums[r][v]);
            }
        }
        for (int r = 0; r < Rows; ++r) storeRow<kTileVectors>(sums[r], y + r * y_stride + first, width - first, add);
    }
}

/// The same with a bfloat16 panel widened on the way: for so few rows that widening it first would not pay. x is
/// float32.
template <int Rows>
void tileWidened(const float* a, std::int64_t a_stride, std::int64_t columns, const std::uint16_t* panel, float* y,
                 std::int64_t y_stride, std::int64_t width, bool add) {
    constexpr int kGroup = kTileVectors * kWidth;
    for (std::int64_t first = 0; first < width; first += kGroup) {
        Floats sums[Rows][kTileVectors];
        for (auto& row : sums)
            for (auto& sum : row) sum = all(0.0F);
        const std::uint16_t* b = panel + 2 * first;
        for (std::int64_t c = 0; c < columns; c += 2, b += 2 * kPanelWidth) {
            const bool last = c + 1 == columns;
            for (int v = 0; v < kTileVectors; ++v) {
                const TwoFloats weights = loadPairs(b + 2 * v * kWidth);
                for (int r = 0; r < Rows; ++r) {
                    sums[r][v] = multiplyAdd(all(a[r * a_stride + c]), weights.even, sums[r][v]);
                    if (!last) sums[r][v] = multiplyAdd(all(a[r * a_stride + c + 1]), weights.odd, sums[r][v]);
                }
            }
        }
        for (int r = 0; r < Rows; ++r) storeRow<kTileVectors>(sums[r], y + r * y_stride + first, width - first, add);
    }
}

#if defined(__AVX512BF16__)
inline __m512bh pairOfColumns(const std::uint16_t* a) {
    std::uint32_t pair = 0;
    std::memcpy(&pair, a, sizeof(pair));
    return reinterpret_cast<__m512bh>(_mm512_set1_epi32(static_cast<int>(pair)));
}

template <int Rows>
inline void addPair(const __m512bh* x, const std::uint16_t* b, Floats (*sums)[kTileVectors]) {
    __m512bh weights[kTileVectors];
    for (int v = 0; v < kTileVectors; ++v)
        weights[v] = reinterpret_cast<__m512bh>(_mm512_loadu_si512(b + static_cast<std::ptrdiff_t>(v) * 32));
    for (int r = 0; r < Rows; ++r)
        for (int v = 0; v < kTileVectors; ++v) sums[r][v].v = _mm512_dpbf16_ps(sums[r][v].v, x[r], weights[v]);
}

template <int Rows>
void tile(const std::uint16_t* a, std::int64_t a_stride, std::int64_t columns, const std::uint16_t* panel, float* y,
          std::int64_t y_stride, std::int64_t width, bool add) {
    Floats sums[Rows][kTileVectors];
    for (auto& row : sums)
        for (auto& sum : row) sum = all(0.0F);
    const std::uint16_t* b = panel;
    std::int64_t c = 0;
    for (; c + 2 <= columns; c += 2, b += 2 * kPanelWidth) {
        __m512bh x[Rows];
        for (int r = 0; r < Rows; ++r) x[r] = pairOfColumns(a + r * a_stride + c);
        addPair<Rows>(x, b, sums);
    }
    if (c < columns) {
        __m512bh x[Rows];
        for (int r = 0; r < Rows; ++r) {
            const std::uint16_t last[2] = {a[r * a_stride + c], 0};
            x[r] = pairOfColumns(last);
        }
        addPair<Rows>(x, b, sums);
    }
    for (int r = 0; r < Rows; ++r) storeRow<kTileVectors>(sums[r], y + r * y_stride, width, add);
}
#endif

/// `rows` rows of a times one panel.
template <typename Element>
void rowsTimesPanel(const Element* a, std::int64_t a_stride, std::int64_t rows, std::int64_t columns,
                    const Element* panel, float* y, std::int64_t y_stride, std::int64_t width, bool add) {
    std::int64_t r = 0;
    for (; r + kTileRows <= rows; r += kTileRows)
        tile<kTileRows>(a + r * a_stride, a_stride, columns, panel, y + r * y_stride, y_stride, width, add);
    a += r * a_stride;
    y += r * y_stride;
    switch (rows - r) {
        case 5:
            return tile<5>(a, a_stride, columns, panel, y, y_stride, width, add);
        case 4:
            return tile<4>(a, a_stride, columns, panel, y, y_stride, width, add);
        case 3:
            return tile<3>(a, a_stride, columns, panel, y, y_stride, width, add);
        case 2:
            return tile<2>(a, a_stride, columns, panel, y, y_stride, width, add);
        case 1:
            return tile<1>(a, a_stride, columns, panel, y, y_stride, width, add);
        default:
            return;
    }
}

}  // namespace quantoscope::kernels::QS_SIMD
