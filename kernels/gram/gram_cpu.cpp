#include <algorithm>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "kernels/base/cpu_features.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/gram/gram.h"

namespace quantoscope::kernels {
namespace {

template <typename Input>
KernelStatus addPlainly(const Input* x, std::int64_t rows, std::int64_t columns, float* gram,
                        const std::stop_token& stop) {
    constexpr std::int64_t kRows = 16;
    for (std::int64_t t = 0; t < rows; t += kRows) {
        if (stop.stop_requested()) return KernelStatus::cancelled;
        const auto end = std::min(rows, t + kRows);
#pragma omp parallel for schedule(static, 8)
        for (std::int64_t i = 0; i < columns; ++i) {
            for (auto s = t; s < end; ++s) {
                const Input* const row = x + s * columns;
                const float left = widened(row[i]);
                for (auto j = i; j < columns; ++j) gram[i * columns + j] += left * widened(row[j]);
            }
        }
    }
    return KernelStatus::ok;
}

void addTile(const float* product, std::int64_t first_i, std::int64_t first_j, std::int64_t columns, float* gram) {
    const auto height = std::min(kGramTile, columns - first_i);
    const auto width = std::min(kGramTile, columns - first_j);
    for (std::int64_t i = 0; i < height; ++i) {
        float* const row = gram + (first_i + i) * columns + first_j;
        for (std::int64_t j = 0; j < width; ++j) row[j] += product[i * kGramTile + j];
    }
}

/// All panels of a chunk are packed, then every tile on and above the diagonal is one piece of work.
template <typename Input>
KernelStatus addByTiles(const Input* x, std::int64_t rows, std::int64_t columns, float* gram,
                        const GramFunctions& functions, const std::stop_token& stop) try {
    const auto panels = (columns + kGramTile - 1) / kGramTile;
    std::vector<std::pair<std::int64_t, std::int64_t>> tiles;
    for (std::int64_t i = 0; i < panels; ++i)
        for (auto j = i; j < panels; ++j) tiles.emplace_back(i, j);
    const auto packed =
        std::make_unique_for_overwrite<std::uint32_t[]>(static_cast<std::size_t>(panels * functions.panel_words));
    const auto panel = [&](std::int64_t index) { return packed.get() + index * functions.panel_words; };
    const auto tile_count = static_cast<std::int64_t>(tiles.size());
    for (std::int64_t t = 0; t < rows; t += functions.chunk_rows) {
        if (stop.stop_requested()) return KernelStatus::cancelled;
        const auto chunk = std::min(functions.chunk_rows, rows - t);
#pragma omp parallel
        {
#pragma omp for schedule(static)
            for (std::int64_t p = 0; p < panels; ++p)
                functions.pack(x + t * columns, chunk, columns, p * kGramTile, panel(p));
#pragma omp for schedule(static)
            for (std::int64_t n = 0; n < tile_count; ++n) {
                alignas(64) float product[kGramTile * kGramTile];
                const auto [i, j] = tiles[static_cast<std::size_t>(n)];
                functions.multiply(panel(i), panel(j), chunk, product);
                addTile(product, i * kGramTile, j * kGramTile, columns, gram);
            }
        }
    }
    return KernelStatus::ok;
} catch (const std::bad_alloc&) {
    return KernelStatus::out_of_memory;
}

}  // namespace

KernelStatus gramAdd(const float* x, std::int64_t rows, std::int64_t columns, float* gram,
                     const std::stop_token& stop) {
    if (cpuLevel() >= CpuLevel::avx512)
        return addByTiles(x, rows, columns, gram, simd_avx512::gramFunctions(false), stop);
    if (cpuLevel() >= CpuLevel::avx2) return addByTiles(x, rows, columns, gram, simd_avx2::gramFunctions(false), stop);
    return addPlainly(x, rows, columns, gram, stop);
}

KernelStatus gramAdd(const std::uint16_t* x, std::int64_t rows, std::int64_t columns, float* gram,
                     const std::stop_token& stop) {
    if (cpuLevel() >= CpuLevel::avx512)
        return addByTiles(x, rows, columns, gram, simd_avx512::gramFunctions(true), stop);
    if (cpuLevel() >= CpuLevel::avx2) return addByTiles(x, rows, columns, gram, simd_avx2::gramFunctions(true), stop);
    return addPlainly(x, rows, columns, gram, stop);
}

void gramMirror(float* gram, std::int64_t columns) {
    constexpr std::int64_t kEdge = 64;
    const auto tiles = (columns + kEdge - 1) / kEdge;
#pragma omp parallel for schedule(static, 1)
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
        const auto end_i = std::min(columns, (tile + 1) * kEdge);
        for (std::int64_t first = 0; first < end_i; first += kEdge)
            for (auto i = tile * kEdge; i < end_i; ++i)
                for (auto j = first; j < std::min(i, first + kEdge); ++j) gram[i * columns + j] = gram[j * columns + i];
    }
}

}  // namespace quantoscope::kernels
