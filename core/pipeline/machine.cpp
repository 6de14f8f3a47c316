#include "core/pipeline/machine.h"

#include "kernels/base/cpu_features.h"
#include "kernels/roofline/roofline.h"

namespace quantoscope {

std::string instructionSetName() {
    return kernels::cpuLevelName(kernels::cpuLevel());
}

MachineReport measureMachine(int repetitions) {
    const auto roofline = kernels::measureRoofline(repetitions);
    return {instructionSetName(), roofline.threads, roofline.float32_gflops, roofline.bfloat16_gflops,
            roofline.read_gigabytes_per_s};
}

}  // namespace quantoscope
