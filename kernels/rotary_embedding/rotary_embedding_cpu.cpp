#include <cmath>

#include "kernels/base/select.h"
#include "kernels/rotary_embedding/rotary_embedding.h"
#include "kernels/rotary_embedding/rotary_embedding_loops.h"

namespace quantoscope::kernels {

#define QS_DECLARE_ROTATIONS(isa)                                                                             \
    namespace isa {                                                                                           \
    void rotateTokenFloat32(const float* x, std::int64_t head_count, std::int64_t half, const float* cosine,  \
                            const float* sine, float* y);                                                     \
    void rotateTokenBfloat16(const float* x, std::int64_t head_count, std::int64_t half, const float* cosine, \
                             const float* sine, std::uint16_t* y);                                            \
    }
QS_DECLARE_ROTATIONS(simd_avx2)
QS_DECLARE_ROTATIONS(simd_avx512)
#undef QS_DECLARE_ROTATIONS

namespace {

template <typename Output, typename Token>
void rotateAll(const float* x, std::int64_t x_stride, std::int64_t tokens, std::int64_t head_count,
               const RotaryTable& table, Output* y, std::int64_t y_stride, std::int64_t first_row, Token* token) {
#pragma omp parallel for schedule(static) if (tokens > 8)
    for (std::int64_t t = 0; t < tokens; ++t) {
        const auto row = (first_row + t) % table.position_count * table.half;
        token(x + t * x_stride, head_count, table.half, table.cosine.data() + row, table.sine.data() + row,
              y + t * y_stride);
    }
}

}  // namespace

RotaryTable rotaryTable(std::span<const float> inverse_frequencies, std::int64_t first_position,
                        std::int64_t position_count) {
    RotaryTable table{first_position, position_count, static_cast<std::int64_t>(inverse_frequencies.size()), {}, {}};
    table.cosine.resize(static_cast<std::size_t>(position_count * table.half));
    table.sine.resize(table.cosine.size());
#pragma omp parallel for schedule(static) if (position_count > 64)
    for (std::int64_t t = 0; t < position_count; ++t) {
        for (std::int64_t p = 0; p < table.half; ++p) {
            const float angle =
                static_cast<float>(first_position + t) * inverse_frequencies[static_cast<std::size_t>(p)];
            table.cosine[static_cast<std::size_t>(t * table.half + p)] = std::cos(angle);
            table.sine[static_cast<std::size_t>(t * table.half + p)] = std::sin(angle);
        }
    }
    return table;
}

void rotaryEmbedding(const float* x, std::int64_t x_stride, std::int64_t tokens, std::int64_t head_count,
                     const RotaryTable& table, float* y, std::int64_t y_stride, std::int64_t first_row) {
    rotateAll(x, x_stride, tokens, head_count, table, y, y_stride, first_row,
              selectVersion(simd_baseline::rotateTokenFloat32, simd_avx2::rotateTokenFloat32,
                            simd_avx512::rotateTokenFloat32));
}

void rotaryEmbedding(const float* x, std::int64_t x_stride, std::int64_t tokens, std::int64_t head_count,
                     const RotaryTable& table, std::uint16_t* y, std::int64_t y_stride, std::int64_t first_row) {
    rotateAll(x, x_stride, tokens, head_count, table, y, y_stride, first_row,
              selectVersion(simd_baseline::rotateTokenBfloat16, simd_avx2::rotateTokenBfloat16,
                            simd_avx512::rotateTokenBfloat16));
}

}  // namespace quantoscope::kernels
