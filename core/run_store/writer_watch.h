// Does a living writer hold a run folder? Looks only; for the window's list of runs.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

namespace quantoscope {

/// Remembers the heartbeats it has seen: a writer lives as long as they go on by this machine's own monotonic clock.
/// Clocks of other machines are not asked, since they may differ by more than a heartbeat. Thread-safe.
class WriterWatch {
public:
    using Clock = std::chrono::steady_clock;
    /// A heartbeat seen for the first time is believed, unless it lies more than an hour away: then it must go on
    /// first.
    bool lives(const std::filesystem::path& folder, Clock::time_point now = Clock::now());

private:
    struct Seen {
        std::string beat;  ///< which writer, and how often its heart has beaten
        Clock::time_point since;
        bool believed = true;
    };
    bool goesOn(const std::filesystem::path& lock, const std::string& beat, Clock::time_point now);

    std::mutex mutex_;
    std::map<std::string, Seen> seen_;  ///< by lock file
};

/// By what this process has seen so far.
bool hasLiveWriter(const std::filesystem::path& folder);

}  // namespace quantoscope
