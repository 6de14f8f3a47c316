// Where the time of a long operation goes: seconds by phase, for benches and for the run's own account.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace quantoscope {

/// Wall and processor seconds of one phase, without those of phases inside it.
struct PhaseTime {
    double seconds = 0.0;
    double cpu_seconds = 0.0;  ///< all threads of the process
};

/// A stack of phases, of which only the innermost runs on. Used by the one thread that steers the work.
class PhaseTimes {
public:
    void enter(const std::string& phase);
    void leave();
    const std::map<std::string, PhaseTime>& totals() const { return totals_; }

private:
    void closeSpan();

    std::vector<std::string> open_;
    std::map<std::string, PhaseTime> totals_;
    std::chrono::steady_clock::time_point began_;
    double cpu_began_ = 0.0;
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
