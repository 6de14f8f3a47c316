#include "app/worker/cli/stop_on_signal.h"

#include <csignal>
#include <ctime>

namespace quantoscope {
namespace {

sigset_t stopSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

}  // namespace

StopOnSignal::StopOnSignal() {
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);  // a window that closed its end of the pipe must not kill the run
    waiter_ = std::jthread([this](const std::stop_token& leave) {
        const sigset_t waited = stopSignals();
        constexpr timespec kTick{.tv_sec = 0, .tv_nsec = 50'000'000};
        while (!leave.stop_requested())
            if (sigtimedwait(&waited, nullptr, &kTick) > 0) stop_.request_stop();
    });
}

StopOnSignal::~StopOnSignal() = default;

}  // namespace quantoscope
