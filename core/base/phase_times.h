// Where the time of a long operation goes: seconds by phase, for benches, for the run's own account and, slice by
// slice, for who is watching.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/base/work_clock.h"

namespace quantoscope {

/// Wall and processor seconds of one phase, without those of phases inside it.
struct PhaseTime {
    double seconds = 0.0;
    double cpu_seconds = 0.0;  ///< all threads of the process
    double operations = 0.0;   ///< floating point operations, of phases that count them; else 0
};

/// A stack of phases, of which only the innermost runs on. Used by the one thread that steers the work.
class PhaseTimes {
public:
    using Phases = std::map<std::string, PhaseTime>;
    /// What happened since the last slice; `seconds` is their sum.
    using SliceSink = std::function<void(double seconds, const Phases& phases)>;

    void enter(const std::string& phase);
    void leave();
    /// Adds to the innermost phase what it has computed. Phases that do not call this have no rate.
    void countOperations(double operations);
    const Phases& totals() const { return totals_; }
    /// Sends what was measured about every tenth of a second, and later while one phase goes on for longer.
    void sendSlices(SliceSink sink) { sink_ = std::move(sink); }

private:
    void closeSpan();
    void sendSlice();

    std::vector<std::string> open_;
    Phases totals_;
    Phases slice_;
    SliceSink sink_;
    WorkClock::time_point began_;
    double cpu_began_ = 0.0;
    double slice_seconds_ = 0.0;
};

/// Times its own scope; does nothing without a ledger.
class TimedPhase {
public:
    TimedPhase(PhaseTimes* times, const char* phase) : times_(times) {
        if (times_ != nullptr) times_->enter(phase);
    }
    ~TimedPhase() {
        if (times_ != nullptr) times_->leave();
    }
    TimedPhase(const TimedPhase&) = delete;
    TimedPhase& operator=(const TimedPhase&) = delete;

private:
    PhaseTimes* times_;
};

}  // namespace quantoscope
