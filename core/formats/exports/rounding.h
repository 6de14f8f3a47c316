// Float32 values into the element types of checkpoints, rounded once, ties to even.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/tensor/dtype.h"

namespace quantoscope::exports {

inline constexpr float kLargestHalf = 65504.0F;
inline constexpr float kSmallestNormalHalf = 0x1p-14F;

/// Bytes of one value in f16, bf16 or f32.
std::size_t elementBytes(DType dtype);
/// `bytes` holds values.size() elements of `dtype` (f16, bf16 or f32).
void encode(DType dtype, std::span<const float> values, std::span<std::byte> bytes);
/// `values` as they come back from `dtype`.
void roundTo(DType dtype, std::span<const float> values, std::span<float> rounded);
/// Is the value one that float16 has?
bool isHalf(float value);

}  // namespace quantoscope::exports
