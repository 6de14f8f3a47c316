#include "core/base/phase_times.h"

#include <ctime>

namespace quantoscope {
namespace {

double processSeconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

void PhaseTimes::closeSpan() {
    const auto now = std::chrono::steady_clock::now();
    const double cpu_now = processSeconds();
    if (!open_.empty()) {
        auto& total = totals_[open_.back()];
        total.seconds += std::chrono::duration<double>(now - began_).count();
        total.cpu_seconds += cpu_now - cpu_began_;
    }
    began_ = now;
    cpu_began_ = cpu_now;
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
