#include "core/run_store/lock_holder.h"

#include <sys/types.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>

#include "core/base/atomic_file.h"
#include "core/base/json.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestLock_bytes = 4096;

bool processLives(std::int64_t process) {
    return process > 0 && (::kill(static_cast<pid_t>(process), 0) == 0 || errno == EPERM);
}

/// A paused writer of this machine lives, though it cannot say so: its heart stands still with the rest of it.
bool isPaused(std::int64_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string stat;
    if (!std::getline(file, stat)) return false;
    const auto name_end = stat.rfind(')');  // the name may hold anything
    return name_end != std::string::npos && stat.size() > name_end + 2 && stat[name_end + 2] == 'T';
}

}  // namespace

/// FNV-1a of the host name and the boot.
std::string hostHash() {
    std::array<char, 256> name{};
    ::gethostname(name.data(), name.size() - 1);
    std::string text(name.data());
    if (const auto boot = readTextFile("/proc/sys/kernel/random/boot_id", 100)) text += *boot;
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return std::to_string(hash);
}

LockHolder readLockHolder(const fs::path& lock) {
    const auto text = readTextFile(lock, kLargestLock_bytes);
    if (!text || text->empty()) return {};
    const auto parsed = parseJson(*text, "lock");
    if (!parsed) return {};
    return {stringMember(*parsed, "token"), stringMember(*parsed, "host"), integerMember(*parsed, "pid"),
            integerMember(*parsed, "beats")};
}

std::optional<bool> livesHere(const LockHolder& holder) {
    if (holder.host != hostHash()) return std::nullopt;
    if (!processLives(holder.process)) return false;
    if (isPaused(holder.process)) return true;
    return std::nullopt;
}

}  // namespace quantoscope
