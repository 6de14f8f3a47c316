// What this machine can do, for people: the bounds that speed figures are compared with.
#pragma once

#include <string>

namespace quantoscope {

struct MachineReport {
    std::string instruction_set;
    int threads = 1;
    double float32_gflops = 0.0;
    double bfloat16_gflops = 0.0;
    double read_gigabytes_per_s = 0.0;
};

/// Best of `repetitions`; about a third of a second each.
MachineReport measureMachine(int repetitions);
/// The instruction set in use, without measuring.
std::string instructionSetName();

}  // namespace quantoscope
