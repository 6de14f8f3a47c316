// Who writes a run folder: a `lock` file held with flock and a heartbeat, so that a dead writer is noticed on this
// machine at once and on any other within 20 seconds.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/base/result.h"

namespace quantoscope {

class RunLock {
public:
    /// Takes the lock of `folder` or says in one sentence who has it. Of several callers exactly one wins.
    static Result<std::unique_ptr<RunLock>> take(const std::filesystem::path& folder);
    ~RunLock();
    RunLock(const RunLock&) = delete;
    RunLock& operator=(const RunLock&) = delete;

    /// An error once another writer has taken over (this machine slept through its heartbeats).
    Status check() const;

private:
    RunLock(int file, std::filesystem::path path, std::string token);
    bool writeHeartbeat();
    void beat(const std::stop_token& stop);

    int file_;
    std::filesystem::path path_;
    std::string token_;
    std::uint64_t beats_ = 0;
    std::atomic<bool> lost_{false};
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
};

}  // namespace quantoscope
