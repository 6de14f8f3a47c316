#include <bit>

#include "kernels/base/cpu_features.h"
#include "kernels/convert_float/convert_float.h"

namespace quantoscope::kernels {
namespace {
bool fast() {
    return cpuLevel() >= CpuLevel::avx2;
}
}  // namespace

void bfloat16ToFloat(const void* source, float* target, std::size_t count) {
    fast() ? avx2::bfloat16ToFloat(source, target, count) : reference::bfloat16ToFloat(source, target, count);
}
void halfToFloat(const void* source, float* target, std::size_t count) {
    fast() ? avx2::halfToFloat(source, target, count) : reference::halfToFloat(source, target, count);
}
void floatToBfloat16(const float* source, void* target, std::size_t count) {
    fast() ? avx2::floatToBfloat16(source, target, count) : reference::floatToBfloat16(source, target, count);
}
void floatToHalf(const float* source, void* target, std::size_t count) {
    fast() ? avx2::floatToHalf(source, target, count) : reference::floatToHalf(source, target, count);
}
void roundToBfloat16(float* values, std::size_t count) {
    fast() ? avx2::roundToBfloat16(values, count) : reference::roundToBfloat16(values, count);
}

std::size_t countNonFinite(const float* values, std::size_t count) {
    std::size_t found = 0;
    for (std::size_t i = 0; i < count; ++i)
        found += (std::bit_cast<std::uint32_t>(values[i]) & 0x7f800000U) == 0x7f800000U ? 1 : 0;
    return found;
}

}  // namespace quantoscope::kernels
