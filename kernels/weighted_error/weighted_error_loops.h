// One panel for one instruction set; see kernels/base/simd.h.
//
// A panel holds kVectors vectors of rows of E, transposed, so that one vector is one column of several rows. With G's
// entries broadcast, a tile of kTile columns x kVectors vectors stays in registers over a block of columns k; G's row k
// is read along j (it is symmetric), so nothing of G is copied.
#pragma once

#include "kernels/base/simd.h"
#include "kernels/weighted_error/weighted_error_panel.h"

namespace quantoscope::kernels::QS_SIMD {
namespace {

#if defined(__AVX512F__)
constexpr int kVectors = 3;  // 8 x 3 sums, 3 columns and a broadcast: 28 of 32 registers
constexpr int kTile = 8;
#elif defined(__AVX2__)
constexpr int kVectors = 3;  // 4 x 3 sums, 3 columns and a broadcast: all 16 registers
constexpr int kTile = 4;
#else
constexpr int kVectors = 2;
constexpr int kTile = 4;
#endif
constexpr int kRows = kWidth * kVectors;
static_assert(kRows <= kMostErrorRows);

inline std::int64_t larger(std::int64_t a, std::int64_t b) {
    return a > b ? a : b;
}

/// Adds sum over k in [k_first, k_last), j in [j, j + Tile) of weight * G[k][j] e_k e_j to the energies.
template <int Tile>
void addTile(const float* panel, std::int64_t columns, const float* gram, std::int64_t j, std::int64_t k_first,
             std::int64_t k_last, float weight, double* energy) {
    Floats sums[Tile][kVectors];
    for (int t = 0; t < Tile; ++t)
        for (int v = 0; v < kVectors; ++v) sums[t][v] = all(0.0F);
    for (std::int64_t k = k_first; k < k_last; ++k) {
        const float* gram_row = gram + k * columns + j;
        Floats column[kVectors];
        for (int v = 0; v < kVectors; ++v) column[v] = load(panel + k * kRows + v * kWidth);
        for (int t = 0; t < Tile; ++t) {
            const Floats entry = all(gram_row[t]);
            for (int v = 0; v < kVectors; ++v) sums[t][v] = multiplyAdd(entry, column[v], sums[t][v]);
        }
    }
    for (int v = 0; v < kVectors; ++v) {
        Floats total = all(0.0F);
        for (int t = 0; t < Tile; ++t)
            total = multiplyAdd(sums[t][v], load(panel + (j + t) * kRows + v * kWidth), total);
        alignas(64) float lanes[kWidth];
        store(lanes, total);
        for (int lane = 0; lane < kWidth; ++lane)
            energy[v * kWidth + lane] += static_cast<double>(weight) * static_cast<double>(lanes[lane]);
    }
}

/// Columns k in [first, last) against every j <= k; j below k counts twice, as G is symmetric. The part of the diagonal
/// tile above the diagonal reads G[k][j] with j > k, which is the same number.
void runPanel(const float* panel, std::int64_t columns, const float* gram, std::int64_t first, std::int64_t last,
              double* energy) {
    const std::int64_t whole = last - last % kTile;
    for (std::int64_t j = 0; j < whole; j += kTile) {
        const std::int64_t below = larger(first, j + kTile);
        if (below < last) addTile<kTile>(panel, columns, gram, j, below, last, 2.0F, energy);
        if (j >= first) addTile<kTile>(panel, columns, gram, j, j, j + kTile, 1.0F, energy);
    }
    for (std::int64_t j = whole; j < last; ++j) {
        if (j + 1 < last) addTile<1>(panel, columns, gram, j, larger(first, j + 1), last, 2.0F, energy);
        addTile<1>(panel, columns, gram, j, j, j + 1, 1.0F, energy);
    }
}

}  // namespace

ErrorPanel errorPanel() {
    return {kRows, runPanel};
}

}  // namespace quantoscope::kernels::QS_SIMD
