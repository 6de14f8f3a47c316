// Turns "this phase is 40 % done" into one fraction and an honest time left for the whole run.
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/work_clock.h"
#include "core/pipeline/events.h"
#include "core/pipeline/plan.h"

namespace quantoscope {

using EventSink = std::function<void(const Event&)>;

/// Phases weigh what the plan expects of them; the time left is scaled by how far the estimates were off so far.
/// Thread-safe.
class ProgressMeter {
public:
    ProgressMeter(std::vector<double> phase_seconds, EventSink sink);

    /// A job context for phase `index`; its progress reports become progress events.
    JobContext phaseJob(std::size_t index, const JobContext& job, const std::string& configuration = {});
    void finishPhase(std::size_t index);
    /// A phase that was found done already, at once and without work.
    void skipPhase(std::size_t index);
    void send(const Event& event) const;

    /// Seconds left for these estimates; -1 while nothing has been measured. For tests and the meter itself.
    static double secondsLeft(const std::vector<double>& expected, const std::vector<double>& fraction,
                              double elapsed_seconds);

private:
    using Clock = WorkClock;  // the time left does not grow while the run is paused
    void report(std::size_t index, const std::string& configuration, const Progress& progress);

    std::vector<double> expected_;
    std::vector<double> fraction_;
    EventSink sink_;
    Clock::time_point began_ = Clock::now();
    Clock::time_point last_sent_;
    std::string last_stage_;
    mutable std::mutex mutex_;
};

}  // namespace quantoscope
