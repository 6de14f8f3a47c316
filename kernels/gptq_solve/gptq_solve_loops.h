// The sweep of a tile of rows, compiled once for AVX2 and once for AVX-512. The tile is held transposed (a place of the
// sweep is kTile neighbouring values, one a row), so that every step is a vector step over rows.
#pragma once

#include <algorithm>

#include "kernels/base/simd.h"
#include "kernels/gptq_solve/gptq_solve.h"

namespace quantoscope::kernels::QS_SIMD {
namespace {

// Registers: kVectors x kStrip running values, kVectors errors and one broadcast factor.
constexpr int kVectors = kWidth == 16 ? 3 : 2;
constexpr int kStrip = kWidth == 16 ? 8 : 6;
constexpr std::int64_t kTile = kVectors * kWidth;
constexpr std::int64_t kInner = 16;  // columns whose errors are pushed together inside a block

/// What a tile works in; all parts are `kTile` wide.
struct Tile {
    float* values;        // columns
    float* errors;        // block_size
    float* scales;        // groups
    float* zeros;         // groups
    std::uint8_t* codes;  // columns
};

std::int64_t workspaceFloats(const GptqProblem& problem) {
    const auto code_floats = (problem.columns * kTile + 3) / 4;
    return kTile * (problem.columns + std::min(problem.block_size, problem.columns) + 2 * problem.groupCount()) +
           code_floats;
}

Tile tileOf(const GptqProblem& problem, float* workspace) {
    Tile tile{};
    tile.values = workspace;
    tile.errors = tile.values + kTile * problem.columns;
    tile.scales = tile.errors + kTile * std::min(problem.block_size, problem.columns);
    tile.zeros = tile.scales + kTile * problem.groupCount();
    tile.codes = reinterpret_cast<std::uint8_t*>(tile.zeros + kTile * problem.groupCount());
    return tile;
}

/// Values of `Strip` places from `place` on, less the errors of places [begin, end) pushed through the factor.
/// `errors` belongs to place `begin`.
template <int Strip>
inline void pushInto(const GptqProblem& problem, const float* errors, std::int64_t begin, std::int64_t end,
                     std::int64_t place, float* values) {
    Floats sums[Strip][kVectors];
    for (int c = 0; c < Strip; ++c)
        for (int v = 0; v < kVectors; ++v) sums[c][v] = load(values + c * kTile + v * kWidth);
    const float* factor = problem.factor + begin * problem.columns + place;
    for (auto k = begin; k < end; ++k, factor += problem.columns, errors += kTile) {
        Floats error[kVectors];
        for (int v = 0; v < kVectors; ++v) error[v] = load(errors + v * kWidth);
        for (int c = 0; c < Strip; ++c) {
            const Floats push = all(factor[c]);
            for (int v = 0; v < kVectors; ++v) sums[c][v] = multiplySubtract(error[v], push, sums[c][v]);
        }
    }
    for (int c = 0; c < Strip; ++c)
        for (int v = 0; v < kVectors; ++v) store(values + c * kTile + v * kWidth, sums[c][v]);
}

/// Pushes the errors of [begin, end) into the places [first, last).
void push(const GptqProblem& problem, const Tile& tile, const float* errors, std::int64_t begin, std::int64_t end,
          std::int64_t first, std::int64_t last) {
    auto place = first;
    for (; place + kStrip <= last; place += kStrip)
        pushInto<kStrip>(problem, errors, begin, end, place, tile.values + place * kTile);
    for (; place < last; ++place) pushInto<1>(problem, errors, begin, end, place, tile.values + place * kTile);
}

void loadTile(const GptqProblem& problem, std::int64_t first_row, std::int64_t rows, const Tile& tile) {
    if (rows < kTile) std::fill_n(tile.values, problem.columns * kTile, 0.0F);
    for (std::int64_t r = 0; r < rows; ++r) {
        const float* const row = problem.weights + (first_row + r) * problem.columns;
        for (std::int64_t i = 0; i < problem.columns; ++i) tile.values[i * kTile + r] = row[problem.column(i)];
    }
    if (!problem.fixed_grids) return;
    std::fill_n(tile.scales, kTile * problem.groupCount(), 1.0F);
    std::fill_n(tile.zeros, kTile * problem.groupCount(), 0.0F);
    for (std::int64_t g = 0; g < problem.groupCount(); ++g) {
        for (std::int64_t r = 0; r < rows; ++r) {
            const auto at = (first_row + r) * problem.groupCount() + g;
            tile.scales[g * kTile + r] = problem.scales[at];
            tile.zeros[g * kTile + r] = problem.zero_points[at];
        }
    }
}

void tileRange(const float* values, std::int64_t count, float* lo, float* hi) {
    for (int v = 0; v < kVectors; ++v) {
        Floats low = load(values + v * kWidth);
        Floats high = low;
        for (std::int64_t j = 1; j < count; ++j) {
            const Floats some = load(values + j * kTile + v * kWidth);
            low = minimum(low, some);
            high = maximum(high, some);
        }
        store(lo + v * kWidth, low);
        store(hi + v * kWidth, high);
    }
}

/// Grids of the groups that begin in [begin, end), from the values as they are now.
void findTileGrids(const GptqProblem& problem, std::int64_t rows, std::int64_t begin, std::int64_t end,
                   const Tile& tile) {
    const auto g = problem.group_size;
    float lo[kTile];
    float hi[kTile];
    for (auto first = (begin + g - 1) / g * g; first < end; first += g) {
        const auto count = std::min(g, problem.columns - first);
        const float* const values = tile.values + first * kTile;
        tileRange(values, count, lo, hi);
        for (std::int64_t r = 0; r < kTile; ++r) {
            const bool search = problem.grid.search_range && r < rows;
            const auto grid =
                search ? gridOfValues(values + r, count, kTile, problem.grid) : gridOfRange(lo[r], hi[r], problem.grid);
            tile.scales[first / g * kTile + r] = grid.scale;
            tile.zeros[first / g * kTile + r] = grid.zero_point;
        }
    }
}

/// Rounds place i; its errors go to `errors`.
void roundColumn(const GptqProblem& problem, const Tile& tile, std::int64_t i, float* errors) {
    const auto group = (problem.fixed_grids ? problem.column(i) : i) / problem.group_size;
    const Floats top = all(static_cast<float>((1 << problem.grid.bits) - 1));
    const Floats pivot = all(problem.factor[i * problem.columns + i]);
    for (int v = 0; v < kVectors; ++v) {
        const auto at = v * kWidth;
        const Floats weight = load(tile.values + i * kTile + at);
        const Floats scale = load(tile.scales + group * kTile + at);
        const Floats zero = load(tile.zeros + group * kTile + at);
        const Floats code = minimum(maximum(roundToWhole(weight / scale) + zero, all(0.0F)), top);
        storeBytes(tile.codes + i * kTile + at, code);
        store(errors + at, (weight - scale * (code - zero)) / pivot);
    }
}

void sweepBlock(const GptqProblem& problem, const Tile& tile, std::int64_t begin, std::int64_t end) {
    for (auto inner = begin; inner < end; inner += kInner) {
        const auto inner_end = std::min(end, inner + kInner);
        for (auto i = inner; i < inner_end; ++i) {
            float* const errors = tile.errors + (i - begin) * kTile;
            roundColumn(problem, tile, i, errors);
            for (auto k = i + 1; k < inner_end; ++k) pushInto<1>(problem, errors, i, i + 1, k, tile.values + k * kTile);
        }
        push(problem, tile, tile.errors + (inner - begin) * kTile, inner, inner_end, inner_end, end);
    }
}

void addSquares(const Tile& tile, std::int64_t places, double* squares) {
    for (std::int64_t i = 0; i < places; ++i) {
        for (std::int64_t r = 0; r < kTile; ++r) {
            const auto error = static_cast<double>(tile.errors[i * kTile + r]);
            squares[r] += error * error;
        }
    }
}

void storeTile(const GptqProblem& problem, std::int64_t first_row, std::int64_t rows, const Tile& tile,
               const double* squares) {
    for (std::int64_t r = 0; r < rows; ++r) {
        const auto row = first_row + r;
        problem.row_errors[row] = squares[r] / 2.0;
        std::uint8_t* const codes = problem.codes + row * problem.columns;
        for (std::int64_t i = 0; i < problem.columns; ++i) codes[problem.column(i)] = tile.codes[i * kTile + r];
        if (problem.fixed_grids) continue;
        for (std::int64_t g = 0; g < problem.groupCount(); ++g) {
            problem.scales[row * problem.groupCount() + g] = tile.scales[g * kTile + r];
            problem.zero_points[row * problem.groupCount() + g] = tile.zeros[g * kTile + r];
        }
    }
}

bool sweepTile(const GptqProblem& problem, std::int64_t first_row, float* workspace, const std::stop_token& stop) {
    const Tile tile = tileOf(problem, workspace);
    const auto rows = std::min(kTile, problem.rows - first_row);
    loadTile(problem, first_row, rows, tile);
    double squares[kTile] = {};
    for (std::int64_t begin = 0; begin < problem.columns; begin += problem.block_size) {
        if (stop.stop_requested()) return false;
        const auto end = std::min(problem.columns, begin + problem.block_size);
        if (!problem.fixed_grids) findTileGrids(problem, rows, begin, end, tile);
        sweepBlock(problem, tile, begin, end);
        addSquares(tile, end - begin, squares);
        push(problem, tile, tile.errors, begin, end, end, problem.columns);
    }
    storeTile(problem, first_row, rows, tile, squares);
    return true;
}

}  // namespace

SweepFunctions sweepFunctions() {
    return {kTile, workspaceFloats, sweepTile};
}
}  // namespace quantoscope::kernels::QS_SIMD
