#include <algorithm>
#include <cmath>

#include "core/analysis/analyse_linear.h"

namespace quantoscope {
namespace {

constexpr std::int64_t kFinestTile = 16;
constexpr std::int64_t kSmallMap = 32;

TileLevel emptyLevel(std::int64_t rows, std::int64_t columns, std::int64_t tile) {
    TileLevel level;
    level.tile_rows = level.tile_columns = tile;
    level.rows = (rows + tile - 1) / tile;
    level.columns = (columns + tile - 1) / tile;
    const auto count = static_cast<std::size_t>(level.rows * level.columns);
    level.mean_absolute.resize(count);
    level.max_absolute.resize(count);
    level.signed_mean.resize(count);
    return level;
}

struct TileSums {
    double absolute = 0.0;
    double with_sign = 0.0;
    float largest = 0.0F;
};

TileSums sumTile(const Matrix& matrix, std::int64_t row, std::int64_t last_row, std::int64_t column,
                 std::int64_t last_column) {
    TileSums sums;
    for (std::int64_t i = row; i < last_row; ++i) {
        const float* values = matrix.values.data() + i * matrix.columns;
        float absolute = 0.0F;
        float with_sign = 0.0F;
        for (std::int64_t j = column; j < last_column; ++j) {
            const float size = std::fabs(values[j]);
            absolute += size;
            with_sign += values[j];
            sums.largest = size > sums.largest ? size : sums.largest;
        }
        sums.absolute += static_cast<double>(absolute);
        sums.with_sign += static_cast<double>(with_sign);
    }
    return sums;
}

TileLevel finestLevel(const Matrix& matrix) {
    TileLevel level = emptyLevel(matrix.rows, matrix.columns, kFinestTile);
#pragma omp parallel for schedule(static)
    for (std::int64_t r = 0; r < level.rows; ++r) {
        const std::int64_t row = r * kFinestTile;
        const std::int64_t last_row = std::min(row + kFinestTile, matrix.rows);
        for (std::int64_t c = 0; c < level.columns; ++c) {
            const std::int64_t column = c * kFinestTile;
            const std::int64_t last_column = std::min(column + kFinestTile, matrix.columns);
            const TileSums sums = sumTile(matrix, row, last_row, column, last_column);
            const double count = static_cast<double>((last_row - row) * (last_column - column));
            const auto at = static_cast<std::size_t>(r * level.columns + c);
            level.mean_absolute[at] = static_cast<float>(sums.absolute / count);
            level.signed_mean[at] = static_cast<float>(sums.with_sign / count);
            level.max_absolute[at] = sums.largest;
        }
    }
    return level;
}

/// Weights covered by a tile: fewer at the right and bottom edge.
double weightsIn(const TileLevel& level, std::int64_t rows, std::int64_t columns, std::int64_t r, std::int64_t c) {
    const std::int64_t down = std::min(level.tile_rows, rows - r * level.tile_rows);
    const std::int64_t across = std::min(level.tile_columns, columns - c * level.tile_columns);
    return static_cast<double>(down * across);
}

TileLevel coarser(const TileLevel& fine, std::int64_t rows, std::int64_t columns) {
    TileLevel level = emptyLevel(rows, columns, fine.tile_rows * 2);
    for (std::int64_t r = 0; r < level.rows; ++r)
        for (std::int64_t c = 0; c < level.columns; ++c) {
            TileSums sums;
            double count = 0.0;
            for (std::int64_t i = 2 * r; i < std::min(2 * r + 2, fine.rows); ++i)
                for (std::int64_t j = 2 * c; j < std::min(2 * c + 2, fine.columns); ++j) {
                    const auto from = static_cast<std::size_t>(i * fine.columns + j);
                    const double weights = weightsIn(fine, rows, columns, i, j);
                    count += weights;
                    sums.absolute += weights * static_cast<double>(fine.mean_absolute[from]);
                    sums.with_sign += weights * static_cast<double>(fine.signed_mean[from]);
                    sums.largest = std::max(sums.largest, fine.max_absolute[from]);
                }
            const auto at = static_cast<std::size_t>(r * level.columns + c);
            level.mean_absolute[at] = static_cast<float>(sums.absolute / count);
            level.signed_mean[at] = static_cast<float>(sums.with_sign / count);
            level.max_absolute[at] = sums.largest;
        }
    return level;
}

}  // namespace

TilePyramid tilePyramid(const Matrix& matrix) {
    TilePyramid pyramid;
    if (matrix.rows <= 0 || matrix.columns <= 0) return pyramid;
    pyramid.levels.push_back(finestLevel(matrix));
    while (pyramid.levels.back().rows > kSmallMap || pyramid.levels.back().columns > kSmallMap)
        pyramid.levels.push_back(coarser(pyramid.levels.back(), matrix.rows, matrix.columns));
    return pyramid;
}

Matrix cropMatrix(const Matrix& matrix, std::int64_t row, std::int64_t column, std::int64_t rows,
                  std::int64_t columns) {
    const std::int64_t first_row = std::clamp<std::int64_t>(row, 0, matrix.rows);
    const std::int64_t first_column = std::clamp<std::int64_t>(column, 0, matrix.columns);
    const std::int64_t last_row = std::clamp(row + std::max<std::int64_t>(rows, 0), first_row, matrix.rows);
    const std::int64_t last_column =
        std::clamp(column + std::max<std::int64_t>(columns, 0), first_column, matrix.columns);
    Matrix part(last_row - first_row, last_column - first_column);
    for (std::int64_t i = 0; i < part.rows; ++i) {
        const auto from = matrix.row(first_row + i)
                              .subspan(static_cast<std::size_t>(first_column), static_cast<std::size_t>(part.columns));
        std::ranges::copy(from, part.row(i).begin());
    }
    return part;
}

}  // namespace quantoscope
