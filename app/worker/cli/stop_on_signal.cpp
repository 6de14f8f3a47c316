#include "app/worker/cli/stop_on_signal.h"

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <string_view>

#include "core/base/work_clock.h"

namespace quantoscope {
namespace {

sigset_t awaitedSignals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTSTP);
    sigaddset(&set, SIGCONT);
    return set;
}

bool continueIsPending() {
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    return sigismember(&pending, SIGCONT) == 1;
}

/// Stops the whole process as it stands, until SIGCONT: no processor time, and nothing is lost or done twice. The work
/// clock is held before, because nobody is awake to look at the time when it ends.
void pauseProcess() {
    WorkClock::pause();
    // To this thread, so that it is this call that does not return; a SIGCONT that came first takes the pause back.
    if (!continueIsPending()) ::raise(SIGSTOP);
    WorkClock::resume();
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
    const sigset_t set = awaitedSignals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGBUS, leaveOnLostFile);
    std::signal(SIGPIPE, SIG_IGN);  // a window that closed its end of the pipe must not kill the run
    waiter_ = std::jthread([this](const std::stop_token& leave) {
        const sigset_t waited = awaitedSignals();
        constexpr timespec kTick{.tv_sec = 0, .tv_nsec = 50'000'000};
        while (!leave.stop_requested()) {
            const int arrived = sigtimedwait(&waited, nullptr, &kTick);
            if (arrived == SIGTSTP) pauseProcess();
            if (arrived == SIGTERM || arrived == SIGINT) stop_.request_stop();
        }
    });
}

StopOnSignal::~StopOnSignal() = default;

}  // namespace quantoscope
