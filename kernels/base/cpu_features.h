// Which instruction sets the fast kernels may use. A test lowers the level to exercise every version on one machine.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

enum class CpuLevel : std::uint8_t { baseline, avx2, avx512, avx512_bf16 };

/// The highest level this processor has.
CpuLevel detectedCpuLevel();
/// The level in use: the detected one unless lowered.
CpuLevel cpuLevel();
/// Lowers (or restores) the level; a level the machine lacks is ignored. Not thread-safe: for start-up and tests.
void setCpuLevel(CpuLevel level);
const char* cpuLevelName(CpuLevel level);

}  // namespace quantoscope::kernels
