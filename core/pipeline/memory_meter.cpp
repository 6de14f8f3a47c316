#include "core/pipeline/memory_meter.h"

#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <string>

namespace quantoscope {
namespace {

/// A "Name:  123 kB" line of a file below /proc, in bytes.
std::int64_t procField(const char* file, const std::string& field) {
    std::ifstream stream(file);
    std::string word;
    while (stream >> word) {
        if (word == field) {
            std::int64_t kilobytes = 0;
            stream >> kilobytes;
            return kilobytes * 1024;
        }
        stream.ignore(1 << 20, '\n');
    }
    return 0;
}

}  // namespace

std::int64_t anonymousBytes() {
    return procField("/proc/self/status", "RssAnon:");
}
std::int64_t mappedBytes() {
    return procField("/proc/self/status", "RssFile:");
}
std::int64_t availableBytes() {
    return procField("/proc/meminfo", "MemAvailable:");
}

MemoryMeter::MemoryMeter()
    : peak_(anonymousBytes()), sampler_([this](const std::stop_token& stop) {
          std::mutex mutex;
          std::condition_variable_any wake;
          std::unique_lock lock(mutex);
          while (!stop.stop_requested()) {
              const auto now = anonymousBytes();
              if (now > peak_.load(std::memory_order_relaxed)) peak_.store(now, std::memory_order_relaxed);
              wake.wait_for(lock, stop, std::chrono::milliseconds(20), [] { return false; });
          }
      }) {}

}  // namespace quantoscope
