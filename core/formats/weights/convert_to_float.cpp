#include <cstring>
#include <optional>
#include <string>

#include "core/formats/safetensors_file.h"
#include "kernels/convert_float/convert_float.h"
#include "kernels/dequantize_gguf/dequantize_gguf.h"

namespace quantoscope {
namespace {

std::optional<kernels::GgufBlock> blockType(DType dtype) {
    switch (dtype) {
        case DType::q4_0:
            return kernels::GgufBlock::q4_0;
        case DType::q4_1:
            return kernels::GgufBlock::q4_1;
        case DType::q5_0:
            return kernels::GgufBlock::q5_0;
        case DType::q5_1:
            return kernels::GgufBlock::q5_1;
        case DType::q8_0:
            return kernels::GgufBlock::q8_0;
        case DType::q2_k:
            return kernels::GgufBlock::q2_k;
        case DType::q3_k:
            return kernels::GgufBlock::q3_k;
        case DType::q4_k:
            return kernels::GgufBlock::q4_k;
        case DType::q5_k:
            return kernels::GgufBlock::q5_k;
        case DType::q6_k:
            return kernels::GgufBlock::q6_k;
        default:
            return std::nullopt;
    }
}

void convertDoubles(const std::byte* source, std::span<float> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        double value = 0;
        std::memcpy(&value, source + i * sizeof value, sizeof value);
        values[i] = static_cast<float>(value);
    }
}

}  // namespace

Status convertToFloat(DType dtype, std::span<const std::byte> bytes, std::uint64_t first, std::span<float> values) {
    const auto& row = traits(dtype);
    if (!row.readable_as_float)
        return failure("values stored as " + std::string(row.name) +
                       " cannot be computed with: convert the model to BF16, F16 or F32");
    const std::uint64_t unit_bytes = row.block_bits / 8;
    if (first % row.block_elements != 0 || values.size() % row.block_elements != 0)
        return failure("values stored as " + std::string(row.name) + " can be taken in whole blocks only");
    const std::uint64_t first_unit = first / row.block_elements;
    const std::uint64_t units = values.size() / row.block_elements;
    if (units > bytes.size() / unit_bytes || first_unit > bytes.size() / unit_bytes - units)
        return failure("more values are asked for than the tensor holds");
    if (values.empty()) return {};
    const std::byte* source = bytes.data() + first_unit * unit_bytes;
    switch (dtype) {
        case DType::f32:
            std::memcpy(values.data(), source, values.size_bytes());
            break;
        case DType::f64:
            convertDoubles(source, values);
            break;
        case DType::f16:
            kernels::halfToFloat(source, values.data(), values.size());
            break;
        case DType::bf16:
            kernels::bfloat16ToFloat(source, values.data(), values.size());
            break;
        default:
            kernels::dequantizeGguf(*blockType(dtype), source, static_cast<std::size_t>(units), values.data());
    }
    return {};
}

}  // namespace quantoscope
