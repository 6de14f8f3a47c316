// A regular file opened for reading: mapped for tensor data, read by call for everything that is parsed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "core/base/result.h"

namespace quantoscope {

class MemoryMap {
public:
    /// Refuses what is not a regular file (a FIFO would block, a device has no size).
    static Result<std::shared_ptr<const MemoryMap>> open(const std::filesystem::path& path);
    ~MemoryMap();
    MemoryMap(const MemoryMap&) = delete;
    MemoryMap& operator=(const MemoryMap&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Length when it was opened.
    std::uint64_t size() const { return size_; }
    /// The mapped bytes. Touching them after another program shortened the file would kill us: parse through readAt,
    /// and call checkUnchanged before a long read.
    std::span<const std::byte> bytes() const { return {data_, static_cast<std::size_t>(size_)}; }
    /// Copies bytes without the mapping; an error when the file ends before `target` is full.
    Status readAt(std::uint64_t offset, std::span<std::byte> target) const;
    /// An error when the file became shorter since it was opened.
    Status checkUnchanged() const;

private:
    MemoryMap() = default;
    std::filesystem::path path_;
    int descriptor_ = -1;
    std::uint64_t size_ = 0;
    const std::byte* data_ = nullptr;
};

/// The file name in quotes, for messages.
std::string quotedName(const std::filesystem::path& path);

}  // namespace quantoscope
