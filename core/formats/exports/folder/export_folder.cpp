#include "core/formats/exports/folder/export_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace quantoscope::exports {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kSpareBytes = std::uint64_t{32} << 20;  // tokenizer, configs, headers

std::string gigabytes(std::uint64_t bytes) {
    const auto tenths = (bytes + 50'000'000) / 100'000'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}

/// Without the trailing slash and absolute, so that it has a name and a parent.
Result<fs::path> normalTarget(const fs::path& target) {
    std::error_code error;
    auto path = fs::absolute(target, error).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    if (error || target.empty() || path.filename().empty())
        return failure("'" + target.string() + "' is no folder that an export can be written to", target.string());
    return path;
}

Status syncFile(const fs::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && ::fsync(file) == 0;
    const std::string why = std::strerror(errno);
    if (file >= 0) ::close(file);
    if (!synced) return failure("'" + path.string() + "' could not be written to disk: " + why, path.string());
    return {};
}

Status writeAll(int file, const std::string& text, const fs::path& path) {
    std::size_t done = 0;
    while (done < text.size()) {
        const auto written = ::write(file, text.data() + done, text.size() - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0)
            return failure("'" + path.string() + "' could not be written: " + std::strerror(errno), path.string());
        done += static_cast<std::size_t>(written);
    }
    return {};
}

Status checkSpace(const fs::path& folder, std::uint64_t bytes) {
    std::error_code error;
    const auto space = fs::space(folder, error);
    if (error || space.available >= bytes + kSpareBytes) return {};  // what cannot be asked shows while writing
    return failure("the export needs " + gigabytes(bytes + kSpareBytes) + " but the disk of '" + folder.string() +
                       "' has " + gigabytes(space.available) + " free; free some space or choose another folder",
                   folder.string());
}

}  // namespace

Status checkTarget(const fs::path& target) {
    QS_ASSIGN(const auto path, normalTarget(target));
    std::error_code error;
    if (!fs::exists(path, error)) return {};
    if (!fs::is_directory(path, error))
        return failure("'" + path.string() + "' is a file; an export needs a folder of its own", path.string());
    if (!fs::is_empty(path, error))
        return failure("'" + path.string() + "' is not empty; choose a new folder for the export", path.string());
    return {};
}

Result<ExportFolder> ExportFolder::create(const fs::path& target, std::uint64_t bytes) {
    QS_TRY(checkTarget(target));
    QS_ASSIGN(auto path, normalTarget(target));
    const auto parent = path.parent_path();
    std::error_code error;
    fs::create_directories(parent, error);
    if (error)
        return failure("the folder '" + parent.string() + "' cannot be made: " + error.message(), parent.string());
    const auto temporary = parent / ("." + path.filename().string() + ".partial");
    fs::remove_all(temporary, error);
    QS_TRY(checkSpace(parent, bytes));
    fs::create_directory(temporary, error);
    if (error)
        return failure("nothing can be written to '" + parent.string() + "': " + error.message(), parent.string());
    return ExportFolder(std::move(path), temporary);
}

ExportFolder::ExportFolder(ExportFolder&& other) noexcept
    : target_(std::move(other.target_)), path_(std::exchange(other.path_, {})) {}

ExportFolder::~ExportFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
}

Status ExportFolder::writeText(const std::string& name, const std::string& text) const {
    const auto path = path_ / name;
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) return failure("'" + path.string() + "' could not be made: " + std::strerror(errno), path.string());
    auto status = writeAll(file, text, path);
    if (status && ::fsync(file) != 0)
        status =
            failure("'" + path.string() + "' could not be written to disk: " + std::strerror(errno), path.string());
    ::close(file);
    return status;
}

Status ExportFolder::copyFile(const fs::path& from) const {
    const auto to = path_ / from.filename();
    std::error_code error;
    fs::copy_file(from, to, error);
    if (error) return failure("'" + from.string() + "' could not be copied: " + error.message(), from.string());
    fs::permissions(to, fs::perms::owner_write, fs::perm_options::add, error);
    return syncFile(to);
}

Result<std::uint64_t> ExportFolder::publish() {
    std::error_code error;
    std::uint64_t bytes = 0;
    for (const auto& entry : fs::directory_iterator(path_, error)) bytes += entry.file_size(error);
    if (error) return failure("the finished export cannot be read: " + error.message(), path_.string());
    QS_TRY(syncFile(path_));
    QS_TRY(checkTarget(target_));
    fs::rename(path_, target_, error);
    if (error)
        return failure("the finished export cannot be renamed to '" + target_.string() + "': " + error.message(),
                       target_.string());
    path_.clear();
    QS_TRY(syncFile(target_.parent_path()));
    return bytes;
}

}  // namespace quantoscope::exports
