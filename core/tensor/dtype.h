// Element types of files and of arithmetic.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quantoscope {

/// Every type a readable file may hold. GGUF block types carry their own scales.
enum class DType : std::uint8_t {
    f64,
    f32,
    f16,
    bf16,
    i64,
    i32,
    i16,
    i8,
    u64,
    u32,
    u16,
    u8,
    boolean,
    f8_e4m3,
    f8_e5m2,
    f8_e8m0,
    f8_e4m3fnuz,
    f8_e5m2fnuz,
    f6_e2m3,
    f6_e3m2,
    f4,
    c64,
    q4_0,
    q4_1,
    q5_0,
    q5_1,
    q8_0,
    q2_k,
    q3_k,
    q4_k,
    q5_k,
    q6_k,
    iq2_xxs,
    iq2_xs,
    iq3_xxs,
    iq1_s,
    iq4_nl,
    iq3_s,
    iq2_s,
    iq4_xs,
    iq1_m,
    tq1_0,
    tq2_0,  // listed, not computed with
};

struct DTypeTraits {
    std::string_view name;         ///< as people and safetensors write it: "BF16", "Q4_K"
    std::uint32_t block_elements;  ///< elements in the smallest unit: 1, 32 or 256
    std::uint32_t block_bits;      ///< bits in that unit
    bool readable_as_float;        ///< we can turn it into float32
};

const DTypeTraits& traits(DType type);
/// By safetensors name ("F32", "BF16", "F8_E4M3", ...); nothing for an unknown one.
std::optional<DType> safetensorsDType(std::string_view name);
std::string_view dtypeName(DType type);

}  // namespace quantoscope
