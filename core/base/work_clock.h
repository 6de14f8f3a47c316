// Time spent at work: the steady clock without the stretches in which this process was paused.
#pragma once

#include <chrono>

namespace quantoscope {

/// A paused worker is stopped as a whole and its memory stays, so every duration measured across the pause would count
/// it. Times of phases, of configurations and the time left are taken from this clock instead. Thread-safe.
class WorkClock {
public:
    using duration = std::chrono::steady_clock::duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<WorkClock>;
    static constexpr bool is_steady = true;  // it stands still, it never goes back

    static time_point now();
    /// From here the clock stands still, until resume(). Called right before the process stops itself.
    static void pause();
    static void resume();
};

}  // namespace quantoscope
