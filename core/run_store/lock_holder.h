// Who a run folder's lock file names, and what this machine can tell of that process.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace quantoscope {

/// A writer that has not beaten for so long is taken for dead.
inline constexpr std::chrono::seconds kStaleHeartbeat{20};

struct LockHolder {
    std::string token;
    std::string host;
    std::int64_t process = 0;
    std::int64_t beats = 0;
};

/// Who the lock file names; an empty token when it was given back or never held.
LockHolder readLockHolder(const std::filesystem::path& lock);
/// A name for this machine that gives nothing away.
std::string hostHash();
/// false: a process of this machine that is gone; true: one that is paused; nothing: only its heartbeat tells.
std::optional<bool> livesHere(const LockHolder& holder);

}  // namespace quantoscope
