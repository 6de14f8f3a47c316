// What every operation that can take longer than 100 ms is given: a way to say how far it is, and a way to be stopped.
#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "core/base/phase_times.h"
#include "core/base/result.h"

namespace quantoscope {

struct Progress {
    std::string stage;      ///< what is being done, in words for a person ("Solving layers.3.mlp.down_proj")
    double fraction = 0.0;  ///< 0 to 1 of the whole operation
};

/// Passed by reference down the call tree. Polls are cheap: do one at least every 50 ms of work.
class JobContext {
public:
    using Sink = std::function<void(const Progress&)>;

    JobContext() = default;
    explicit JobContext(std::stop_token stop, Sink sink = {}) : stop_(std::move(stop)), sink_(std::move(sink)) {}

    const std::stop_token& stopToken() const { return stop_; }
    bool stopRequested() const { return stop_.stop_requested(); }
    /// An error of kind `cancelled` once the user asked to stop.
    Status checkStop() const {
        if (stop_.stop_requested()) return cancelled();
        return {};
    }
    void report(std::string stage, double fraction) const {
        if (sink_) sink_(Progress{std::move(stage), begin_ + fraction * (end_ - begin_)});
    }
    /// Where the work's time goes, when somebody wants to know: `const TimedPhase timed(job.times(), "solve");`
    PhaseTimes* times() const { return times_; }
    void recordTimes(PhaseTimes* times) { times_ = times; }
    /// The same job seen from a part of it: fractions 0..1 there are begin..end here.
    JobContext part(double begin, double end) const {
        JobContext inner = *this;
        inner.begin_ = begin_ + begin * (end_ - begin_);
        inner.end_ = begin_ + end * (end_ - begin_);
        return inner;
    }

private:
    std::stop_token stop_;
    Sink sink_;
    PhaseTimes* times_ = nullptr;  // outlives the job
    double begin_ = 0.0;
    double end_ = 1.0;
};

}  // namespace quantoscope
