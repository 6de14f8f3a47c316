// One tile of attention for one instruction set: scores of 256 keys at a time, running softmax, values.
#pragma once

#include "kernels/attention/attention_tile.h"
#include "kernels/base/simd_bfloat16.h"
#include "kernels/exponential/exponential_of.h"
#include "kernels/matmul/panel_loops.h"

namespace quantoscope::kernels::QS_SIMD {

struct TileMemory {
    float* queries;
    float* scores;
    float* sums;  ///< of weights times values
    float* maxima;
    float* totals;  ///< of weights
};

inline TileMemory divide(float* scratch, std::int64_t padded) {
    float* const scores = scratch + kQueryTile * padded;
    float* const sums = scores + kQueryTile * kKeyBlock;
    float* const maxima = sums + kQueryTile * padded;
    return {scratch, scores, sums, maxima, maxima + kQueryTile};
}

inline void multiplyRow(float* x, std::int64_t count, float factor) {
    for (std::int64_t i = 0; i < count; i += kWidth) store(x + i, load(x + i) * all(factor));
}

/// Turns the `visible` first scores of a row into weights exp(scale * score - maximum) and clears the rest up to
/// `count` (a multiple of the vector width). Updates the row's maximum, total and value sums.
inline void weighRow(const TileMemory& memory, std::int64_t row, std::int64_t visible, std::int64_t count, float scale,
                     std::int64_t padded) {
    float* const scores = memory.scores + row * kKeyBlock;
    for (std::int64_t j = visible; j < count; ++j) scores[j] = -__builtin_inff();
    Floats largest = all(-__builtin_inff());
    for (std::int64_t j = 0; j < count; j += kWidth) largest = maximum(largest, load(scores + j));
    const float block_maximum = largestLane(largest) * scale;
    const float before = memory.maxima[row];
    const float now = block_maximum > before ? block_maximum : before;
    if (now > before) {
        float correction[kWidth];
        store(correction, exponentialOf(all(before - now)));
        multiplyRow(memory.sums + row * padded, padded, correction[0]);
        memory.totals[row] *= correction[0];
        memory.maxima[row] = now;
    }
    const Floats factor = all(scale);
    const Floats shift = all(now);
    Floats total = all(0.0F);
    for (std::int64_t j = 0; j < count; j += kWidth) {
        const Floats weight = exponentialOf(load(scores + j) * factor - shift);
        total = total + weight;
        store(scores + j, weight);
    }
    memory.totals[row] += sumOfLanes(total);
}

template <typename Element>
void attendKeys(const AttentionTile<Element>& tile, const TileMemory& memory, std::int64_t first_key,
                std::int64_t keys) {
    const auto padded = paddedHeadDim(tile.head_dim);
    for (std::int64_t key = 0; key < keys; key += kPanelWidth)
        rowsTimesPanel(memory.queries, padded, tile.queries, tile.head_dim,
                       tile.key_panels + (first_key + key) * tile.head_dim, memory.scores + key, kKeyBlock, kPanelWidth,
                       false);
    const auto count = (keys + kPanelWidth - 1) / kPanelWidth * kPanelWidth;
    for (std::int64_t row = 0; row < tile.queries; ++row) {
        const auto seen = tile.first_position + row + 1 - first_key;
        if (seen <= 0) {
            for (std::int64_t j = 0; j < keys; ++j) memory.scores[row * kKeyBlock + j] = 0.0F;
        } else {
            weighRow(memory, row, seen < keys ? seen : keys, count, tile.scale, padded);
        }
    }
    for (std::int64_t d = 0; d < padded; d += kPanelWidth)
        rowsTimesPanel(memory.scores, kKeyBlock, tile.queries, keys,
                       tile.value_panels + d / kPanelWidth * tile.value_panel_elements + first_key * kPanelWidth,
                       memory.sums + d, padded, kPanelWidth, true);
}

template <typename Element>
void attend(const AttentionTile<Element>& tile) {
    const auto padded = paddedHeadDim(tile.head_dim);
    const TileMemory memory = divide(tile.scratch, padded);
    for (std::int64_t row = 0; row < tile.queries; ++row) {
        for (std::int64_t d = 0; d < tile.head_dim; d += kWidth) {
            const auto lanes = tile.head_dim - d < kWidth ? tile.head_dim - d : kWidth;
            storeFirst(memory.queries + row * padded + d, loadFirstAs(tile.q + row * tile.query_stride + d, lanes),
                       lanes);
        }
        for (std::int64_t d = 0; d < padded; d += kWidth) store(memory.sums + row * padded + d, all(0.0F));
        memory.maxima[row] = -__builtin_inff();
        memory.totals[row] = 0.0F;
    }
    const auto keys = tile.first_position + tile.queries;
    for (std::int64_t key = 0; key < keys; key += kKeyBlock)
        attendKeys(tile, memory, key, keys - key < kKeyBlock ? keys - key : kKeyBlock);
    for (std::int64_t row = 0; row < tile.queries; ++row) {
        const Floats total = all(memory.totals[row]);
        for (std::int64_t d = 0; d < tile.head_dim; d += kWidth) {
            const auto lanes = tile.head_dim - d < kWidth ? tile.head_dim - d : kWidth;
            storeFirstAs(tile.out + row * tile.output_stride + d, load(memory.sums + row * padded + d) / total, lanes);
        }
    }
}

void attendTile(const AttentionTile<float>& tile) {
    attend(tile);
}
void attendTile(const AttentionTile<std::uint16_t>& tile) {
    attend(tile);
}

}  // namespace quantoscope::kernels::QS_SIMD
