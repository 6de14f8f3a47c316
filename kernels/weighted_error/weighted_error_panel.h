// Private: the panel kernel, written once over a vector type and compiled per instruction set.
//
// A panel holds Vector::kLanes x kVectors rows of E, transposed, so that one vector is one column of several rows. With
// G's entries broadcast, a tile of kTile columns x kVectors vectors stays in registers over a block of columns k; G's
// row k is read along j (it is symmetric), so nothing of G is copied.
#pragma once

#include <algorithm>
#include <cstdint>

namespace quantoscope::kernels::weighted_error {

constexpr std::int64_t kBlock = 128;  ///< columns k per pass: the panel's part stays in the first-level cache

/// One instruction set's panel: `panel` is columns x kRows floats, `energy` kRows doubles that are added to.
struct PanelKernel {
    std::int64_t rows;
    void (*run)(const float* panel, std::int64_t columns, const float* gram, std::int64_t first, std::int64_t last,
                double* energy);
};
PanelKernel panelBaseline();
PanelKernel panelAvx2();
PanelKernel panelAvx512();

namespace {

/// Adds sum over k in [k_first, k_last), j in [j, j + Tile) of weight * G[k][j] e_k e_j to the energies.
template <typename Vector, int kVectors, int kTile>
void addTile(const float* panel, std::int64_t columns, const float* gram, std::int64_t j, std::int64_t k_first,
             std::int64_t k_last, float weight, double* energy) {
    constexpr int kRows = Vector::kLanes * kVectors;
    Vector sums[kTile][kVectors];
    for (int t = 0; t < kTile; ++t)
        for (int v = 0; v < kVectors; ++v) sums[t][v] = Vector::zero();
    for (std::int64_t k = k_first; k < k_last; ++k) {
        const float* gram_row = gram + k * columns + j;
        Vector column[kVectors];
        for (int v = 0; v < kVectors; ++v) column[v] = Vector::load(panel + k * kRows + v * Vector::kLanes);
        for (int t = 0; t < kTile; ++t) {
            const Vector entry = Vector::broadcast(gram_row[t]);
            for (int v = 0; v < kVectors; ++v) sums[t][v] = Vector::multiplyAdd(entry, column[v], sums[t][v]);
        }
    }
    for (int v = 0; v < kVectors; ++v) {
        Vector total = Vector::zero();
        for (int t = 0; t < kTile; ++t)
            total = Vector::multiplyAdd(sums[t][v], Vector::load(panel + (j + t) * kRows + v * Vector::kLanes), total);
        alignas(64) float lanes[Vector::kLanes];
        total.store(lanes);
        for (int lane = 0; lane < Vector::kLanes; ++lane)
            energy[v * Vector::kLanes + lane] += static_cast<double>(weight) * static_cast<double>(lanes[lane]);
    }
}

/// Columns k in [first, last) against every j <= k; j below k counts twice, as G is symmetric. The part of the diagonal
/// tile above the diagonal reads G[k][j] with j > k, which is the same number.
template <typename Vector, int kVectors, int kTile>
void runPanel(const float* panel, std::int64_t columns, const float* gram, std::int64_t first, std::int64_t last,
              double* energy) {
    const std::int64_t whole = last - last % kTile;
    for (std::int64_t j = 0; j < whole; j += kTile) {
        const std::int64_t below = std::max(first, j + kTile);
        if (below < last) addTile<Vector, kVectors, kTile>(panel, columns, gram, j, below, last, 2.0F, energy);
        if (j >= first) addTile<Vector, kVectors, kTile>(panel, columns, gram, j, j, j + kTile, 1.0F, energy);
    }
    for (std::int64_t j = whole; j < last; ++j) {
        if (j + 1 < last)
            addTile<Vector, kVectors, 1>(panel, columns, gram, j, std::max(first, j + 1), last, 2.0F, energy);
        addTile<Vector, kVectors, 1>(panel, columns, gram, j, j, j + 1, 1.0F, energy);
    }
}

}  // namespace
}  // namespace quantoscope::kernels::weighted_error
