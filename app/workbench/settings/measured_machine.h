// What this machine can do at most, as `quantoscope-worker bench` measured it.
#pragma once

namespace quantoscope {

/// Zeros: not measured yet.
struct MeasuredMachine {
    int threads = 0;
    double float32_gflops = 0.0;   ///< matrix products
    double bfloat16_gflops = 0.0;  ///< the same with bfloat16 operands
    double read_gigabytes_per_s = 0.0;
    bool isMeasured() const { return float32_gflops > 0.0; }
};

}  // namespace quantoscope
