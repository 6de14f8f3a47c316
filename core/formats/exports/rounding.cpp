#include "core/formats/exports/rounding.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "kernels/convert_float/convert_float.h"

namespace quantoscope::exports {

std::size_t elementBytes(DType dtype) {
    return dtype == DType::f32 ? 4 : 2;
}

void encode(DType dtype, std::span<const float> values, std::span<std::byte> bytes) {
    if (values.empty()) return;
    if (dtype == DType::f32) std::memcpy(bytes.data(), values.data(), values.size_bytes());
    if (dtype == DType::f16) kernels::floatToHalf(values.data(), bytes.data(), values.size());
    if (dtype == DType::bf16) kernels::floatToBfloat16(values.data(), bytes.data(), values.size());
}

void roundTo(DType dtype, std::span<const float> values, std::span<float> rounded) {
    if (dtype == DType::f32) {
        std::ranges::copy(values, rounded.begin());
        return;
    }
    std::vector<std::byte> bytes(values.size() * 2);
    encode(dtype, values, bytes);
    if (dtype == DType::f16) kernels::halfToFloat(bytes.data(), rounded.data(), values.size());
    if (dtype == DType::bf16) kernels::bfloat16ToFloat(bytes.data(), rounded.data(), values.size());
}

bool isHalf(float value) {
    return kernels::halfToFloat(kernels::floatToHalf(value)) == value;
}

}  // namespace quantoscope::exports
