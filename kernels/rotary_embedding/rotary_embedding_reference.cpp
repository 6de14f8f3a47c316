#include "kernels/rotary_embedding/rotary_embedding.h"

namespace quantoscope::kernels {

void rotaryEmbeddingReference(const float* x, std::int64_t x_stride, std::int64_t tokens, std::int64_t head_count,
                              const RotaryTable& table, float* y, std::int64_t y_stride, std::int64_t first_row) {
    for (std::int64_t t = 0; t < tokens; ++t) {
        for (std::int64_t head = 0; head < head_count; ++head) {
            const float* from = x + t * x_stride + head * 2 * table.half;
            float* to = y + t * y_stride + head * 2 * table.half;
            for (std::int64_t p = 0; p < table.half; ++p) {
                const auto entry = static_cast<std::size_t>((first_row + t) % table.position_count * table.half + p);
                const float low = from[p];
                const float high = from[p + table.half];
                to[p] = low * table.cosine[entry] - high * table.sine[entry];
                to[p + table.half] = high * table.cosine[entry] + low * table.sine[entry];
            }
        }
    }
}

}  // namespace quantoscope::kernels
