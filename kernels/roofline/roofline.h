// What this machine can do at most, measured: the bounds that every speed figure is compared with.
#pragma once

#include <cstdint>

namespace quantoscope::kernels {

struct Roofline {
    int threads = 1;
    double float32_gflops = 0.0;        ///< matrix product 2048^3, float32
    double bfloat16_gflops = 0.0;       ///< the same with bfloat16 operands (a float32 product where there is none)
    double read_gigabytes_per_s = 0.0;  ///< all threads summing 512 MiB (larger than most caches)
};

/// Best of `repetitions` of each; about 0.3 s a repetition.
Roofline measureRoofline(int repetitions);
/// Reads `bytes` of `data` with all threads as fast as it can; the sum keeps the compiler honest.
double readAll(const void* data, std::int64_t bytes);

}  // namespace quantoscope::kernels
