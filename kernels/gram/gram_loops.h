// Panels of float32, compiled once for AVX2 and once for AVX-512.
#pragma once

#include <algorithm>
#include <bit>

#include "kernels/base/simd.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/gram/gram.h"

namespace quantoscope::kernels::QS_SIMD {
namespace {

constexpr int kVectors = kWidth == 16 ? 3 : 2;
constexpr int kStrip = kWidth == 16 ? 8 : 6;
constexpr int kColumns = kVectors * kWidth;
constexpr std::int64_t kChunkRows = 128;
static_assert(kGramTile % kColumns == 0 && kGramTile % kStrip == 0);

template <typename Input>
void packFloat32(const void* x, std::int64_t rows, std::int64_t columns, std::int64_t first, std::uint32_t* panel) {
    const auto* const values = static_cast<const Input*>(x);
    const auto width = std::min(kGramTile, columns - first);
    for (std::int64_t t = 0; t < rows; ++t, panel += kGramTile) {
        const Input* const row = values + t * columns + first;
        for (std::int64_t c = 0; c < width; ++c) panel[c] = std::bit_cast<std::uint32_t>(widened(row[c]));
        std::fill(panel + width, panel + kGramTile, 0U);
    }
}

inline void multiplyStrip(const float* strip, const float* other, std::int64_t rows, float* product) {
    Floats sums[kStrip][kVectors];
    for (auto& row : sums)
        for (auto& sum : row) sum = all(0.0F);
    for (std::int64_t t = 0; t < rows; ++t, strip += kGramTile, other += kGramTile) {
        Floats right[kVectors];
        for (int v = 0; v < kVectors; ++v) right[v] = load(other + v * kWidth);
        for (int i = 0; i < kStrip; ++i) {
            const Floats left = all(strip[i]);
            for (int v = 0; v < kVectors; ++v) sums[i][v] = multiplyAdd(left, right[v], sums[i][v]);
        }
    }
    for (int i = 0; i < kStrip; ++i)
        for (int v = 0; v < kVectors; ++v) store(product + i * kGramTile + v * kWidth, sums[i][v]);
}

void multiplyFloat32(const std::uint32_t* panel_i, const std::uint32_t* panel_j, std::int64_t rows, float* product) {
    const auto* const left = reinterpret_cast<const float*>(panel_i);
    const auto* const right = reinterpret_cast<const float*>(panel_j);
    for (std::int64_t j = 0; j < kGramTile; j += kColumns)
        for (std::int64_t i = 0; i < kGramTile; i += kStrip)
            multiplyStrip(left + i, right + j, rows, product + i * kGramTile + j);
}

}  // namespace

GramFunctions gramFunctions(bool bfloat16_input) {
    return {kChunkRows, kChunkRows * kGramTile, bfloat16_input ? packFloat32<std::uint16_t> : packFloat32<float>,
            multiplyFloat32};
}
}  // namespace quantoscope::kernels::QS_SIMD
