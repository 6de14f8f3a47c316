// Values of GGUF's block types as float32.
//
// `blocks` holds `block_count` packed blocks (layouts: reference/formats/export-gguf.md section 4), with no alignment;
// `values` receives block_count * blockElements(type) floats and does not overlap. Little-endian. Each value is
// computed as float32 in a fixed order and without fused multiply-add: scale first (d * sub-scale, dmin * sub-min),
// then scale * code, then the offset added or subtracted. Every version gives the same bits for finite scales.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quantoscope::kernels {

enum class GgufBlock : std::uint8_t { q4_0, q4_1, q5_0, q5_1, q8_0, q2_k, q3_k, q4_k, q5_k, q6_k };

/// Elements of one block: 32, or 256 for the K types.
std::size_t blockElements(GgufBlock type);
/// Bytes of one block.
std::size_t blockBytes(GgufBlock type);

void dequantizeGguf(GgufBlock type, const void* blocks, std::size_t block_count, float* values);

namespace reference {
/// The definition: one element at a time.
void dequantizeGguf(GgufBlock type, const void* blocks, std::size_t block_count, float* values);
}  // namespace reference

namespace avx2 {
/// Needs AVX2 and F16C; called through dequantizeGguf.
void dequantizeGguf(GgufBlock type, const void* blocks, std::size_t block_count, float* values);
}  // namespace avx2

}  // namespace quantoscope::kernels
