#include "core/run_store/writer_watch.h"

#include <system_error>

#include "core/run_store/lock_holder.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

/// Further apart than clocks of machines that share a disk: the writer died long ago.
constexpr std::chrono::hours kLongAgo{1};

bool isLongAgo(const fs::path& lock) {
    std::error_code error;
    const auto changed = fs::last_write_time(lock, error);
    return error || std::chrono::abs(fs::file_time_type::clock::now() - changed) > kLongAgo;
}

}  // namespace

bool WriterWatch::lives(const fs::path& folder, Clock::time_point now) {
    const fs::path lock = folder / "lock";
    const auto holder = readLockHolder(lock);  // the disk may be slow: not under the mutex
    if (holder.token.empty()) return false;
    const auto known = livesHere(holder);
    // That it is paused is part of the beat: when it wakes up it has its time again to say so itself.
    const auto beat = holder.token + " " + std::to_string(holder.beats) + (known ? " paused" : "");
    return known.value_or(true) && (goesOn(lock, beat, now) || known);
}

bool WriterWatch::goesOn(const fs::path& lock, const std::string& beat, Clock::time_point now) {
    const bool long_ago = isLongAgo(lock);
    const std::lock_guard guard(mutex_);
    const auto [entry, is_new] = seen_.try_emplace(lock.string(), Seen{beat, now, !long_ago});
    auto& seen = entry->second;
    if (!is_new && seen.beat != beat) seen = {beat, now, true};
    return seen.believed && now - seen.since < kStaleHeartbeat;
}

bool hasLiveWriter(const fs::path& folder) {
    static WriterWatch watch;
    return watch.lives(folder);
}

}  // namespace quantoscope
