#include "core/pipeline/progress_meter.h"

#include <algorithm>
#include <numeric>

#include "core/pipeline/memory_meter.h"

namespace quantoscope {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(100);

double doneSeconds(const std::vector<double>& expected, const std::vector<double>& fraction) {
    return std::inner_product(expected.begin(), expected.end(), fraction.begin(), 0.0);
}

}  // namespace

ProgressMeter::ProgressMeter(std::vector<double> phase_seconds, EventSink sink)
    : expected_(std::move(phase_seconds)), fraction_(expected_.size(), 0.0), sink_(std::move(sink)) {
    for (auto& seconds : expected_) seconds = std::max(seconds, 1e-3);
}

double ProgressMeter::secondsLeft(const std::vector<double>& expected, const std::vector<double>& fraction,
                                  double elapsed_seconds) {
    const double total = std::accumulate(expected.begin(), expected.end(), 0.0);
    const double done = doneSeconds(expected, fraction);
    if (done < 0.01 * total || elapsed_seconds < 0.5) return -1.0;
    return elapsed_seconds * (total - done) / done;
}

JobContext ProgressMeter::phaseJob(std::size_t index, const JobContext& job, const std::string& configuration) {
    JobContext phase(job.stopToken(), [this, index, configuration](const Progress& progress) {
        report(index, configuration, progress);
    });
    phase.recordTimes(job.times());
    return phase;
}

void ProgressMeter::report(std::size_t index, const std::string& configuration, const Progress& progress) {
    Event event;
    {
        const std::lock_guard lock(mutex_);
        fraction_[index] = std::clamp(progress.fraction, fraction_[index], 1.0);
        const auto now = Clock::now();
        if (now - last_sent_ < kInterval && progress.stage == last_stage_) return;
        last_sent_ = now;
        last_stage_ = progress.stage;
        const double total = std::accumulate(expected_.begin(), expected_.end(), 0.0);
        event.fraction = doneSeconds(expected_, fraction_) / total;
        event.eta_seconds = secondsLeft(expected_, fraction_, std::chrono::duration<double>(now - began_).count());
    }
    event.kind = EventKind::progress;
    event.text = progress.stage;
    event.configuration = configuration;
    event.memory_bytes = anonymousBytes();
    send(event);
}

void ProgressMeter::finishPhase(std::size_t index) {
    const std::lock_guard lock(mutex_);
    fraction_[index] = 1.0;
}

void ProgressMeter::skipPhase(std::size_t index) {
    const std::lock_guard lock(mutex_);
    expected_[index] = 1e-3;
    fraction_[index] = 1.0;
}

void ProgressMeter::send(const Event& event) const {
    if (sink_) sink_(event);
}

}  // namespace quantoscope
