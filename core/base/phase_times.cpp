#include "core/base/phase_times.h"

#include <ctime>

namespace quantoscope {
namespace {

constexpr double kSlice_seconds = 0.1;

double processSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

void PhaseTimes::closeSpan() {
    const auto now = WorkClock::now();
    const double cpu_now = processSeconds();
    if (!open_.empty()) {
        const double seconds = std::chrono::duration<double>(now - began_).count();
        for (auto* account : {&totals_, sink_ ? &slice_ : nullptr}) {
            if (account == nullptr) continue;
            auto& phase = (*account)[open_.back()];
            phase.seconds += seconds;
            phase.cpu_seconds += cpu_now - cpu_began_;
        }
        slice_seconds_ += seconds;
        sendSlice();
    }
    began_ = now;
    cpu_began_ = cpu_now;
}

void PhaseTimes::sendSlice() {
    if (!sink_ || slice_seconds_ < kSlice_seconds) return;
    sink_(slice_seconds_, slice_);
    slice_.clear();
    slice_seconds_ = 0.0;
}

void PhaseTimes::countOperations(double operations) {
    if (open_.empty()) return;
    totals_[open_.back()].operations += operations;
    if (sink_) slice_[open_.back()].operations += operations;
}

void PhaseTimes::enter(const std::string& phase) {
    closeSpan();
    open_.push_back(phase);
}

void PhaseTimes::leave() {
    closeSpan();
    if (!open_.empty()) open_.pop_back();
}

}  // namespace quantoscope
