#include "core/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <system_error>

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int value) : value_(value) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (value_ >= 0) ::close(value_);
    }
    int get() const { return value_; }
    bool valid() const { return value_ >= 0; }

private:
    int value_;
};

std::string quoted(const fs::path& path) {
    std::string text;
    text.append(1, '\'').append(path.string()).append(1, '\'');
    return text;
}

fs::path folderOf(const fs::path& path) {
    const fs::path folder = path.parent_path();
    return folder.empty() ? fs::path(".") : folder;
}

bool writeAll(int file, std::span<const std::byte> bytes) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const auto count = ::write(file, bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            if (count == 0) errno = ENOSPC;
            return false;
        }
        done += static_cast<std::size_t>(count);
    }
    return true;
}

/// Some file systems cannot sync a folder and say EINVAL; the rename itself has happened then.
bool syncFolder(const fs::path& folder) {
    const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor.valid()) return errno == EACCES;
    return ::fsync(descriptor.get()) == 0 || errno == EINVAL || errno == ENOTSUP;
}

/// Writes and syncs; 0 or errno.
int writeTemporary(const fs::path& temporary, std::span<const std::byte> bytes) {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.valid()) return errno;
    if (!writeAll(file.get(), bytes) || ::fsync(file.get()) != 0) return errno;
    return 0;
}

}  // namespace

std::string byteText(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> kUnits{"bytes", "kB", "MB", "GB", "TB"};
    if (bytes < 1000) return std::to_string(bytes) + " bytes";
    std::size_t unit = 1;
    std::uint64_t divisor = 1000;
    while (unit + 1 < kUnits.size() && bytes / divisor >= 1000) {
        divisor *= 1000;
        ++unit;
    }
    const std::uint64_t tenths = bytes / (divisor / 10) + (bytes % (divisor / 10) != 0 ? 1 : 0);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + kUnits[unit];
}

Error writeError(const fs::path& path, int error_number, std::uint64_t needed_bytes) {
    const std::string folder = folderOf(path).string();
    const std::string name = path.filename().string();
    const std::string cause = name + ": " + std::generic_category().message(error_number);
    const std::string needed = needed_bytes > 0 ? " (" + byteText(needed_bytes) + " are needed)" : std::string();
    std::string message;
    switch (error_number) {
        case ENOSPC:
        case EDQUOT:
            message = "The disk of '" + folder + "' is full: '" + name + "' could not be written" + needed +
                      "; free some space and resume.";
            break;
        case EROFS:
        case EACCES:
        case EPERM:
            message = "The folder '" + folder + "' cannot be written: allow writing there or choose another folder.";
            break;
        case ENOENT:
        case ENOTDIR:
            message = "The folder '" + folder + "' is not there: '" + name + "' could not be written.";
            break;
        default:
            message = "'" + name + "' could not be written in '" + folder + "'" + needed + ".";
    }
    return Error{std::move(message), cause, path.string(), ErrorKind::failed};
}

fs::path temporaryPath(const fs::path& path) {
    static std::atomic<std::uint64_t> counter{0};
    const std::string name = "." + path.filename().string() + "." + std::to_string(::getpid()) + "." +
                             std::to_string(counter.fetch_add(1)) + ".part";
    return folderOf(path) / name;
}

bool isTemporaryName(const fs::path& name) {
    const std::string text = name.filename().string();
    return text.size() > 6 && text.front() == '.' && text.ends_with(".part");
}

Status commitTemporaryFile(const fs::path& temporary, const fs::path& path) {
    {
        const Descriptor file(::open(temporary.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file.valid() || ::fsync(file.get()) != 0) return std::unexpected(writeError(path, errno, 0));
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) return std::unexpected(writeError(path, errno, 0));
    if (!syncFolder(folderOf(path))) return std::unexpected(writeError(path, errno, 0));
    return {};
}

Status writeFileAtomically(const fs::path& path, std::span<const std::byte> bytes) {
    const fs::path temporary = temporaryPath(path);
    ::unlink(temporary.c_str());  // left by a process that had our number before
    int error_number = writeTemporary(temporary, bytes);
    if (error_number == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error_number = errno;
    if (error_number != 0) {
        ::unlink(temporary.c_str());
        return std::unexpected(writeError(path, error_number, bytes.size()));
    }
    if (!syncFolder(folderOf(path))) return std::unexpected(writeError(path, errno, bytes.size()));
    return {};
}

Status writeTextAtomically(const fs::path& path, std::string_view text) {
    return writeFileAtomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

Result<std::string> readTextFile(const fs::path& path, std::uint64_t limit_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat facts{};
    if (!file.valid() || ::fstat(file.get(), &facts) != 0)
        return failure(quoted(path) + " cannot be opened.", path.string(), std::generic_category().message(errno));
    if (!S_ISREG(facts.st_mode)) return failure(quoted(path) + " is not a file.", path.string());
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    if (size > limit_bytes)
        return failure(quoted(path) + " is too large (" + byteText(size) + ") for what it should hold (at most " +
                           byteText(limit_bytes) + ").",
                       path.string());
    std::string text(size, '\0');
    std::size_t done = 0;
    while (done < text.size()) {
        const auto count = ::read(file.get(), text.data() + done, text.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0)
            return failure(quoted(path) + " cannot be read.", path.string(), std::generic_category().message(errno));
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    text.resize(done);
    return text;
}

Status makeFolder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (!error && fs::is_directory(folder, error)) return {};
    if (error == std::errc::file_exists || error == std::errc::not_a_directory || !error)
        return failure(quoted(folder) + " cannot be made: a file of that name is in the way.", folder.string(),
                       error.message());
    Error described = writeError(folder / folder.filename(), error.value(), 0);
    if (error == std::errc::permission_denied || error == std::errc::read_only_file_system)
        described.message = "The folder '" + folder.string() +
                            "' cannot be made: allow writing in the folder above or choose another one.";
    described.path = folder.string();
    return std::unexpected(std::move(described));
}

}  // namespace quantoscope
