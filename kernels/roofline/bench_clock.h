// The clock of our benches: wall time, or the processor time of this process when it has one thread (then other
// programs on the machine disturb less).
#pragma once

#include <omp.h>

#include <algorithm>
#include <chrono>
#include <ctime>

namespace quantoscope::kernels {

inline double benchSeconds() {
    if (omp_get_max_threads() > 1)
        return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Shortest of several runs.
template <typename Work>
double bestSeconds(int repetitions, Work&& work) {
    double best = 1e30;
    for (int i = 0; i < repetitions; ++i) {
        const double start = benchSeconds();
        work();
        best = std::min(best, benchSeconds() - start);
    }
    return best;
}

}  // namespace quantoscope::kernels
