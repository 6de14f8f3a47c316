#include "kernels/base/cpu_features.h"

#include <atomic>

namespace quantoscope::kernels {
namespace {

CpuLevel detect() {
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    if (avx512 && __builtin_cpu_supports("avx512bf16")) return CpuLevel::avx512_bf16;
    if (avx512) return CpuLevel::avx512;
    return avx2 ? CpuLevel::avx2 : CpuLevel::baseline;
}

std::atomic<CpuLevel>& level() {
    static std::atomic<CpuLevel> current{detect()};
    return current;
}

}  // namespace

CpuLevel detectedCpuLevel() {
    static const CpuLevel detected = detect();
    return detected;
}

CpuLevel cpuLevel() {
    return level().load(std::memory_order_relaxed);
}

void setCpuLevel(CpuLevel wanted) {
    if (wanted <= detectedCpuLevel()) level().store(wanted, std::memory_order_relaxed);
}

const char* cpuLevelName(CpuLevel named) {
    switch (named) {
        case CpuLevel::baseline:
            return "baseline";
        case CpuLevel::avx2:
            return "AVX2";
        case CpuLevel::avx512:
            return "AVX-512";
        case CpuLevel::avx512_bf16:
            return "AVX-512 BF16";
    }
    return "unknown";
}

}  // namespace quantoscope::kernels
