// The unit of work of attention: a tile of queries of one head (private to kernels/attention).
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

inline constexpr std::int64_t kQueryTile = 48;
inline constexpr std::int64_t kKeyBlock = 256;  ///< keys between two looks at the running maximum; whole panels

template <typename Element>
struct AttentionTile {
    const Element* q;  ///< first query of the tile, this head
    std::int64_t query_stride;
    std::int64_t queries;         ///< 1 .. kQueryTile
    std::int64_t first_position;  ///< of the first query: it sees keys 0 .. first_position
    std::int64_t head_dim;
    float scale;
    const float* key_panels;    ///< of this kv head: 64 keys wide, head_dim long
    const float* value_panels;  ///< of this kv head: 64 dimensions wide, value_panel_elements apart
    std::int64_t value_panel_elements;
    Element* out;
    std::int64_t output_stride;
    float* scratch;  ///< tileScratch(head_dim) floats
};

inline std::int64_t paddedHeadDim(std::int64_t head_dim) {
    return (head_dim + 63) / 64 * 64;
}
/// Queries as float32, scores, sums of values, running maximum and sum.
inline std::int64_t tileScratch(std::int64_t head_dim) {
    return kQueryTile * (2 * paddedHeadDim(head_dim) + kKeyBlock + 2);
}

#define QS_DECLARE_ATTENTION(isa)                              \
    namespace isa {                                            \
    void attendTile(const AttentionTile<float>& tile);         \
    void attendTile(const AttentionTile<std::uint16_t>& tile); \
    }
QS_DECLARE_ATTENTION(simd_baseline)
QS_DECLARE_ATTENTION(simd_avx2)
QS_DECLARE_ATTENTION(simd_avx512)
#undef QS_DECLARE_ATTENTION

}  // namespace quantoscope::kernels
