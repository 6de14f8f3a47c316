#include "core/tensor/dtype.h"

#include <array>

namespace quantoscope {
namespace {

struct Row {
    DType type;
    DTypeTraits traits;
    bool in_safetensors;
};

constexpr std::array kRows{
    Row{DType::f64, {"F64", 1, 64, true}, true},
    Row{DType::f32, {"F32", 1, 32, true}, true},
    Row{DType::f16, {"F16", 1, 16, true}, true},
    Row{DType::bf16, {"BF16", 1, 16, true}, true},
    Row{DType::i64, {"I64", 1, 64, false}, true},
    Row{DType::i32, {"I32", 1, 32, false}, true},
    Row{DType::i16, {"I16", 1, 16, false}, true},
    Row{DType::i8, {"I8", 1, 8, false}, true},
    Row{DType::u64, {"U64", 1, 64, false}, true},
    Row{DType::u32, {"U32", 1, 32, false}, true},
    Row{DType::u16, {"U16", 1, 16, false}, true},
    Row{DType::u8, {"U8", 1, 8, false}, true},
    Row{DType::boolean, {"BOOL", 1, 8, false}, true},
    Row{DType::f8_e4m3, {"F8_E4M3", 1, 8, false}, true},
    Row{DType::f8_e5m2, {"F8_E5M2", 1, 8, false}, true},
    Row{DType::f8_e8m0, {"F8_E8M0", 1, 8, false}, true},
    Row{DType::f8_e4m3fnuz, {"F8_E4M3FNUZ", 1, 8, false}, true},
    Row{DType::f8_e5m2fnuz, {"F8_E5M2FNUZ", 1, 8, false}, true},
    Row{DType::f6_e2m3, {"F6_E2M3", 1, 6, false}, true},
    Row{DType::f6_e3m2, {"F6_E3M2", 1, 6, false}, true},
    Row{DType::f4, {"F4", 1, 4, false}, true},
    Row{DType::c64, {"C64", 1, 64, false}, true},
    Row{DType::q4_0, {"Q4_0", 32, 144, true}, false},
    Row{DType::q4_1, {"Q4_1", 32, 160, true}, false},
    Row{DType::q5_0, {"Q5_0", 32, 176, true}, false},
    Row{DType::q5_1, {"Q5_1", 32, 192, true}, false},
    Row{DType::q8_0, {"Q8_0", 32, 272, true}, false},
    Row{DType::q2_k, {"Q2_K", 256, 672, true}, false},
    Row{DType::q3_k, {"Q3_K", 256, 880, true}, false},
    Row{DType::q4_k, {"Q4_K", 256, 1152, true}, false},
    Row{DType::q5_k, {"Q5_K", 256, 1408, true}, false},
    Row{DType::q6_k, {"Q6_K", 256, 1680, true}, false},
    Row{DType::iq2_xxs, {"IQ2_XXS", 256, 528, false}, false},
    Row{DType::iq2_xs, {"IQ2_XS", 256, 592, false}, false},
    Row{DType::iq3_xxs, {"IQ3_XXS", 256, 784, false}, false},
    Row{DType::iq1_s, {"IQ1_S", 256, 400, false}, false},
    Row{DType::iq4_nl, {"IQ4_NL", 32, 144, false}, false},
    Row{DType::iq3_s, {"IQ3_S", 256, 880, false}, false},
    Row{DType::iq2_s, {"IQ2_S", 256, 656, false}, false},
    Row{DType::iq4_xs, {"IQ4_XS", 256, 1088, false}, false},
    Row{DType::iq1_m, {"IQ1_M", 256, 448, false}, false},
    Row{DType::tq1_0, {"TQ1_0", 256, 432, false}, false},
    Row{DType::tq2_0, {"TQ2_0", 256, 528, false}, false},
};

constexpr bool rowsFollowTheEnum() {
    for (std::size_t i = 0; i < kRows.size(); ++i)
        if (static_cast<std::size_t>(kRows[i].type) != i) return false;
    return true;
}
static_assert(rowsFollowTheEnum());

}  // namespace

const DTypeTraits& traits(DType type) {
    return kRows[static_cast<std::size_t>(type)].traits;
}

std::optional<DType> safetensorsDType(std::string_view name) {
    for (const auto& row : kRows)
        if (row.in_safetensors && row.traits.name == name) return row.type;
    return std::nullopt;
}

std::string_view dtypeName(DType type) {
    return traits(type).name;
}

}  // namespace quantoscope
