// The CUDA module's table in host memory, for tests of what is built on it where there is no GPU.
//
// It is stricter than a GPU: work is done only when something waits for it, so a result that is looked at too early is
// not there; device pointers must lie in memory that the table gave out, host pointers must not. Kernels are the plain
// references wherever there are any. What it cannot show: speed, and the rounding of the real kernels.
#pragma once

#include <cstdint>
#include <string>

#include "kernels/cuda/cuda_interface.h"

namespace quantoscope::test {

/// Stands in for the module while it lives. One at a time.
class EmulatedCuda {
public:
    EmulatedCuda();
    ~EmulatedCuda();
    EmulatedCuda(const EmulatedCuda&) = delete;
    EmulatedCuda& operator=(const EmulatedCuda&) = delete;

    /// The device has this much memory; allocations beyond it fail.
    void setMemory(std::uint64_t bytes);
    /// From the launch with this number on (counted from now) the device answers with faults; -1: never.
    void failAfterLaunches(std::int64_t launches);

    /// Products come out a tenth too large from now on.
    void spoilProducts();

    std::int64_t launches() const;  ///< kernels since the start
    std::int64_t launches(const std::string& kernel) const;
    std::int64_t synchronizations() const;  ///< waits for the device, copies of unpinned memory to the host included
    std::uint64_t bytesInUse() const;       ///< 0 when everything was given back
    std::uint64_t peakBytes() const;
    std::int64_t pinnedRanges() const;  ///< not unpinned yet
    std::int64_t contexts() const;      ///< alive
    std::string misuse() const;         ///< the first pointer of the wrong kind; empty: none
};

}  // namespace quantoscope::test
