#include "core/run_store/run_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/run_store/lock_holder.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kHeartbeat = 2000ms;
constexpr double kStale_seconds = kStaleHeartbeat.count();
/// How long a claim that flock cannot vouch for must stand before it counts.
constexpr auto kClaim = 300ms;

std::string newToken() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return hostHash() + "-" + std::to_string(::getpid()) + "-" +
           std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

double seconds(const timespec& time) {
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Age of the last heartbeat by the clock of the disk's server: against a file made just now beside it.
double heartbeatAgeSeconds(const fs::path& lock) {
    struct stat then{};
    if (::stat(lock.c_str(), &then) != 0) return kStale_seconds + 1;
    const fs::path probe = temporaryPath(lock);
    const int file = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    struct stat now{};
    timespec clock{};
    ::clock_gettime(CLOCK_REALTIME, &clock);
    now.st_mtim = clock;
    if (file >= 0) {
        ::fstat(file, &now);
        ::close(file);
        ::unlink(probe.c_str());
    }
    return seconds(now.st_mtim) - seconds(then.st_mtim);
}

/// Is the writer that the file names alive, as far as can be told without flock?
bool holderLives(const LockHolder& holder, const fs::path& lock) {
    if (holder.token.empty()) return false;
    const auto known = livesHere(holder);
    return known ? *known : heartbeatAgeSeconds(lock) < kStale_seconds;
}

std::unexpected<Error> busy(const fs::path& folder, const LockHolder& holder) {
    return failure("Another Quantoscope worker is writing the run folder '" + folder.string() +
                       "': wait for it, cancel it, or choose another folder.",
                   folder.string(), "lock held by process " + std::to_string(holder.process));
}

/// Opens and flocks the file that is at `path` now. held: flock works here; false: this disk has none.
struct OpenLock {
    int file = -1;
    bool held = false;
};
Result<OpenLock> openLock(const fs::path& folder, const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0) return std::unexpected(writeError(path, errno, 0));
    while (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        const int error_number = errno;
        if (error_number == EINTR) continue;
        if (error_number != EWOULDBLOCK) return OpenLock{file, false};
        ::close(file);
        return busy(folder, readLockHolder(path));
    }
    return OpenLock{file, true};
}

}  // namespace

Result<std::unique_ptr<RunLock>> RunLock::take(const fs::path& folder) {
    const fs::path path = folder / "lock";
    QS_ASSIGN(const OpenLock opened, openLock(folder, path));
    const LockHolder holder = readLockHolder(path);
    const bool from_here = holder.host == hostHash();
    // flock vouches for this machine only; elsewhere, or where it does not exist, the heartbeat decides.
    const bool vouched = opened.held && (from_here || holder.token.empty());
    if (!vouched && holderLives(holder, path)) {
        ::close(opened.file);
        return busy(folder, holder);
    }
    std::unique_ptr<RunLock> lock(new RunLock(opened.file, path, newToken()));
    if (!lock->writeHeartbeat()) return std::unexpected(writeError(path, errno, 0));
    if (!vouched) {
        std::this_thread::sleep_for(kClaim);
        const LockHolder winner = readLockHolder(path);
        if (winner.token != lock->token_) {
            lock->lost_ = true;
            return busy(folder, winner);
        }
    }
    lock->thread_ = std::jthread([raw = lock.get()](const std::stop_token& stop) { raw->beat(stop); });
    return lock;
}

RunLock::RunLock(int file, fs::path path, std::string token)
    : file_(file), path_(std::move(path)), token_(std::move(token)) {}

RunLock::~RunLock() {
    if (thread_.joinable()) {
        thread_.request_stop();
        thread_.join();
    }
    // The file stays (removing it would let two writers lock two files); empty means given back.
    if (!lost_ && readLockHolder(path_).token == token_) [[maybe_unused]]
        const int ignored = ::ftruncate(file_, 0);
    ::close(file_);
}

bool RunLock::writeHeartbeat() {
    const auto now =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    const nlohmann::json content{
        {"token", token_}, {"host", hostHash()}, {"pid", ::getpid()}, {"beats", beats_++}, {"heartbeat", now.count()}};
    std::string text = jsonText(content);
    text.resize(512, ' ');  // one length, one write: a reader never sees half of it
    return ::pwrite(file_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
}

void RunLock::beat(const std::stop_token& stop) {
    std::unique_lock guard(mutex_);
    while (!stop.stop_requested()) {
        wake_.wait_for(guard, stop, kHeartbeat, [] { return false; });
        if (stop.stop_requested()) return;
        const LockHolder holder = readLockHolder(path_);
        if (!holder.token.empty() && holder.token != token_) {
            lost_ = true;
            return;
        }
        writeHeartbeat();  // a full disk does not matter here: the file has its length already
    }
}

Status RunLock::check() const {
    if (!lost_) return {};
    return failure("Another Quantoscope worker has taken over the run folder '" + path_.parent_path().string() +
                       "' while this one was asleep: this one stops here, nothing is lost.",
                   path_.parent_path().string());
}

}  // namespace quantoscope
