// Peak anonymous memory of this process while the meter lives: what a run needs beyond files the system can drop.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace quantoscope {

/// Anonymous resident bytes right now; 0 when the system does not tell.
std::int64_t anonymousBytes();
/// Resident bytes of mapped files, which the system can drop and read again; 0 when it does not tell.
std::int64_t mappedBytes();
/// Anonymous memory still free to take: what the system calls available.
std::int64_t availableBytes();

class MemoryMeter {
public:
    MemoryMeter();  ///< samples every 20 ms on a thread of its own
    std::int64_t peakBytes() const { return peak_.load(std::memory_order_relaxed); }
    /// Starts a new peak, for the next phase.
    void reset() { peak_.store(anonymousBytes(), std::memory_order_relaxed); }

private:
    std::atomic<std::int64_t> peak_{0};
    std::jthread sampler_;
};

}  // namespace quantoscope
