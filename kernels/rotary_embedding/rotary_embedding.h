// Rotary position embedding as Hugging Face models store it: of each head, pair (p, p + d/2) is turned by
// position * inverse_frequency(p).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace quantoscope::kernels {

/// cos and sin of position * inverse_frequency, the angle formed in float32 as transformers does.
struct RotaryTable {
    std::int64_t first_position = 0;
    std::int64_t position_count = 0;
    std::int64_t half = 0;      ///< head_dim / 2
    std::vector<float> cosine;  ///< position_count x half
    std::vector<float> sine;
};
RotaryTable rotaryTable(std::span<const float> inverse_frequencies, std::int64_t first_position,
                        std::int64_t position_count);

/// x holds `tokens` rows of `head_count` heads of 2 * table.half values, `x_stride` elements from token to token; token
/// t has row ((first_row + t) % table.position_count) of the table, so that sequences of equal length can lie behind
/// one another. y(p) = x(p) cos - x(p + half) sin, y(p + half) = x(p + half) cos + x(p) sin, products and sums in
/// float32. y has its own stride; the float32 form may work in place.
void rotaryEmbedding(const float* x, std::int64_t x_stride, std::int64_t tokens, std::int64_t head_count,
                     const RotaryTable& table, float* y, std::int64_t y_stride, std::int64_t first_row = 0);
/// The same, rounded to bfloat16.
void rotaryEmbedding(const float* x, std::int64_t x_stride, std::int64_t tokens, std::int64_t head_count,
                     const RotaryTable& table, std::uint16_t* y, std::int64_t y_stride, std::int64_t first_row = 0);

void rotaryEmbeddingReference(const float* x, std::int64_t x_stride, std::int64_t tokens, std::int64_t head_count,
                              const RotaryTable& table, float* y, std::int64_t y_stride, std::int64_t first_row = 0);

}  // namespace quantoscope::kernels
