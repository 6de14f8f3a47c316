// Blocking over rows, columns and panels for one instruction set.
#pragma once

#include "kernels/matmul/panel_loops.h"
#include "kernels/matmul/panel_product.h"

namespace quantoscope::kernels::QS_SIMD {

inline constexpr std::int64_t kRowBlock = 192;  ///< rows of x that stay in L2 while panels pass

/// Columns of a bfloat16 panel as float32, pairs taken apart.
inline void widenPanel(const std::uint16_t* panel, std::int64_t columns, float* widened) {
    for (std::int64_t c = 0; c < columns; c += 2) {
        std::uint32_t pairs[kPanelWidth];
        std::uint32_t low[kPanelWidth];
        std::uint32_t high[kPanelWidth];
        std::memcpy(pairs, panel + c * kPanelWidth, sizeof(pairs));
        for (std::int64_t o = 0; o < kPanelWidth; ++o) {
            low[o] = pairs[o] << 16U;
            high[o] = pairs[o] & 0xffff0000U;
        }
        std::memcpy(widened + c * kPanelWidth, low, sizeof(low));
        std::memcpy(widened + (c + 1) * kPanelWidth, high, sizeof(high));
    }
}

inline void widenRows(const std::uint16_t* x, std::int64_t x_stride, std::int64_t rows, std::int64_t columns,
                      float* widened) {
    for (std::int64_t r = 0; r < rows; ++r, x += x_stride, widened += columns) {
        std::int64_t c = 0;
        for (; c + kWidth <= columns; c += kWidth) store(widened + c, loadBfloat16(x + c));
        if (c < columns) storeFirst(widened + c, loadBfloat16First(x + c, columns - c), columns - c);
    }
}

inline constexpr std::int64_t kFewRows = 4;  ///< up to here weights are widened in registers

inline std::int64_t smaller(std::int64_t a, std::int64_t b) {
    return a < b ? a : b;
}

template <typename Element>
void multiplyBlocked(const PanelProduct<Element>& p) {
    const auto stride = panelElements(p.columns);
    for (std::int64_t row = 0; row < p.rows; row += kRowBlock) {
        const auto rows = smaller(kRowBlock, p.rows - row);
        for (std::int64_t column = 0; column < p.columns; column += kColumnChunk) {
            const auto columns = smaller(kColumnChunk, p.columns - column);
            for (std::int64_t output = 0; output < p.outputs; output += kPanelWidth)
                rowsTimesPanel(p.x + row * p.x_stride + column, p.x_stride, rows, columns,
                               p.panels + output / kPanelWidth * stride + column * kPanelWidth,
                               p.y + row * p.y_stride + output, p.y_stride, smaller(kPanelWidth, p.outputs - output),
                               p.add || column > 0);
        }
    }
}

void multiplyFloat32(const PanelProduct<float>& product) {
    multiplyBlocked(product);
}

/// Up to four rows by one panel whose columns are read once.
inline void fewRowsTimesPanel(const float* x, std::int64_t rows, std::int64_t columns, const std::uint16_t* panel,
                              float* y, std::int64_t y_stride, std::int64_t width, bool add) {
    switch (rows) {
        case 1:
            return tileWidened<1>(x, columns, columns, panel, y, y_stride, width, add);
        case 2:
            return tileWidened<2>(x, columns, columns, panel, y, y_stride, width, add);
        case 3:
            return tileWidened<3>(x, columns, columns, panel, y, y_stride, width, add);
        default:
            return tileWidened<4>(x, columns, columns, panel, y, y_stride, width, add);
    }
}

void multiplyWidened(const PanelProduct<std::uint16_t>& p) {
    const auto stride = panelElements(p.columns);
    const auto chunk = smaller(kColumnChunk, p.columns);
    const auto row_block = smaller(480, kWidenedRowElements / chunk / kTileRows * kTileRows);
    float* const wide_rows = p.scratch;
    float* const wide_panel = p.scratch + kWidenedRowElements;
    for (std::int64_t row = 0; row < p.rows; row += row_block) {
        const auto rows = smaller(row_block, p.rows - row);
        for (std::int64_t column = 0; column < p.columns; column += kColumnChunk) {
            const auto columns = smaller(kColumnChunk, p.columns - column);
            widenRows(p.x + row * p.x_stride + column, p.x_stride, rows, columns, wide_rows);
            for (std::int64_t output = 0; output < p.outputs; output += kPanelWidth) {
                const std::uint16_t* panel = p.panels + output / kPanelWidth * stride + column * kPanelWidth;
                float* y = p.y + row * p.y_stride + output;
                const auto width = smaller(kPanelWidth, p.outputs - output);
                const bool add = p.add || column > 0;
                if (rows <= kFewRows) {
                    fewRowsTimesPanel(wide_rows, rows, columns, panel, y, p.y_stride, width, add);
                } else {
                    widenPanel(panel, columns, wide_panel);
                    rowsTimesPanel(wide_rows, columns, rows, columns, wide_panel, y, p.y_stride, width, add);
                }
            }
        }
    }
}

/// Columns go in small blocks, so that what is rounded and what is written stay in the nearest cache.
void packPairs(const float* weights, std::int64_t width, std::int64_t columns, std::uint16_t* panel) {
    constexpr std::int64_t kBlock = 64;
    static_assert(kBlock % kWidth == 0 && kColumnPadding == 2);
    std::uint32_t rounded[kPanelWidth][kBlock / 2];
    if (width < kPanelWidth) std::memset(rounded, 0, sizeof(rounded));
    for (std::int64_t first = 0; first < columns; first += kBlock) {
        const auto count = smaller(kBlock, columns - first);
        for (std::int64_t o = 0; o < width; ++o) {
            const float* const row = weights + o * columns + first;
            auto* const to = reinterpret_cast<std::uint16_t*>(rounded[o]);
            std::int64_t c = 0;
            for (; c + kWidth <= count; c += kWidth) storeBfloat16(to + c, load(row + c));
            if (c < count) storeBfloat16First(to + c, loadFirst(row + c, count - c), count - c);
            if (count % 2 != 0) to[count] = 0;
        }
        for (std::int64_t pair = 0; pair < (count + 1) / 2; ++pair) {
            std::uint32_t words[kPanelWidth];
            for (std::int64_t o = 0; o < kPanelWidth; ++o) words[o] = rounded[o][pair];
            std::memcpy(panel + (first + 2 * pair) * kPanelWidth, words, sizeof(words));
        }
    }
}

#if defined(__AVX512BF16__)
void multiplyPairs(const PanelProduct<std::uint16_t>& product) {
    multiplyBlocked(product);
}
#endif

}  // namespace quantoscope::kernels::QS_SIMD
