// SIGTERM and SIGINT ask the running verb to stop, politely and at once; SIGTSTP pauses it until SIGCONT; SIGBUS, a
// file that became shorter while it was read, ends the program with a sentence.
#pragma once

#include <stop_token>
#include <thread>

namespace quantoscope {

/// Make one before any other thread is started: the signals are blocked everywhere and awaited on a thread of their
/// own.
class StopOnSignal {
public:
    StopOnSignal();
    ~StopOnSignal();
    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;
    std::stop_token token() const { return stop_.get_token(); }

private:
    std::stop_source stop_;
    std::jthread waiter_;
};

}  // namespace quantoscope
