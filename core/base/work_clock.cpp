#include "core/base/work_clock.h"

#include <mutex>
#include <optional>

namespace quantoscope {
namespace {

using Steady = std::chrono::steady_clock;

struct Pauses {
    std::mutex mutex;
    Steady::duration total{};
    std::optional<Steady::time_point> began;
};

// One process has one time of its own, as it has one processor clock.
Pauses& pauses() {
    static Pauses all;
    return all;
}

}  // namespace

WorkClock::time_point WorkClock::now() {
    auto& all = pauses();
    const std::lock_guard lock(all.mutex);
    // Threads wake before the one that ends the pause: until then all see the moment at which it began.
    return time_point(all.began.value_or(Steady::now()).time_since_epoch() - all.total);
}

void WorkClock::pause() {
    auto& all = pauses();
    const std::lock_guard lock(all.mutex);
    if (!all.began) all.began = Steady::now();
}

void WorkClock::resume() {
    auto& all = pauses();
    const std::lock_guard lock(all.mutex);
    if (!all.began) return;
    all.total += Steady::now() - *all.began;
    all.began.reset();
}

}  // namespace quantoscope
