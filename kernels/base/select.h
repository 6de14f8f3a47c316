// Picks the version of a kernel for the CPU level in use.
#pragma once

#include "kernels/base/cpu_features.h"

namespace quantoscope::kernels {

template <typename Function>
Function* selectVersion(Function* baseline, Function* avx2, Function* avx512) {
    if (cpuLevel() >= CpuLevel::avx512) return avx512;
    return cpuLevel() >= CpuLevel::avx2 ? avx2 : baseline;
}

}  // namespace quantoscope::kernels
