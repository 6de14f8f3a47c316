#include "core/formats/memory_map.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <system_error>

namespace quantoscope {
namespace {

std::string reason(int code) {
    return std::generic_category().message(code);
}

}  // namespace

std::string quotedName(const std::filesystem::path& path) {
    const auto name = path.filename().empty() ? path.parent_path().filename() : path.filename();
    return std::string("'").append((name.empty() ? path : name).string()).append("'");
}

Result<std::shared_ptr<const MemoryMap>> MemoryMap::open(const std::filesystem::path& path) {
    std::shared_ptr<MemoryMap> map(new MemoryMap);
    map->path_ = path;
    map->descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (map->descriptor_ < 0) {
        const int code = errno;
        return failure(quotedName(path) + " cannot be opened: " + reason(code), path.string());
    }
    struct stat status{};
    if (::fstat(map->descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
        return failure(quotedName(path) + " is not a regular file", path.string());
    map->size_ = static_cast<std::uint64_t>(status.st_size);
    if (map->size_ == 0) return map;
    if constexpr (sizeof(std::size_t) < 8)
        if (map->size_ > std::numeric_limits<std::size_t>::max())
            return failure("file too large for this machine", path.string());
    void* data = ::mmap(nullptr, static_cast<std::size_t>(map->size_), PROT_READ, MAP_SHARED, map->descriptor_, 0);
    if (data == MAP_FAILED) {
        const int code = errno;
        return failure(quotedName(path) + " cannot be mapped into memory: " + reason(code), path.string());
    }
    map->data_ = static_cast<const std::byte*>(data);
    return map;
}

MemoryMap::~MemoryMap() {
    if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), static_cast<std::size_t>(size_));
    if (descriptor_ >= 0) ::close(descriptor_);
}

Status MemoryMap::readAt(std::uint64_t offset, std::span<std::byte> target) const {
    while (!target.empty()) {
        const auto got = ::pread(descriptor_, target.data(), target.size(), static_cast<off_t>(offset));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            const int code = errno;
            return failure("reading " + quotedName(path_) + " failed: " + reason(code), path_.string());
        }
        if (got == 0) return failure(quotedName(path_) + " became shorter while it was being read", path_.string());
        offset += static_cast<std::uint64_t>(got);
        target = target.subspan(static_cast<std::size_t>(got));
    }
    return {};
}

Status MemoryMap::checkUnchanged() const {
    struct stat status{};
    if (::fstat(descriptor_, &status) == 0 && static_cast<std::uint64_t>(status.st_size) >= size_) return {};
    return failure(
        quotedName(path_) + " became shorter since it was opened: another program changed it, open the model again",
        path_.string());
}

}  // namespace quantoscope
