#include "app/worker/cli/stop_on_signal.h"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string_view>

namespace quantoscope {
namespace {

sigset_t stopSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

/// Files are mapped into memory: reading past the end of one that was cut short meanwhile raises SIGBUS. Only calls
/// that a signal handler may make.
void leaveOnLostFile(int) {
    constexpr std::string_view kText =
        "quantoscope-worker: a file became shorter, or its disk went away, while it was being read; put the file back "
        "and start again, a run goes on from its last finished block\n";
    [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kText.data(), kText.size());
    ::_exit(1);
}

}  // namespace

StopOnSignal::StopOnSignal() {
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGBUS, leaveOnLostFile);
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
