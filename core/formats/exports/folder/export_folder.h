// The folder an export grows in: beside the target under another name until all of it has been checked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace quantoscope::exports {

/// Removes the unfinished folder unless `publish` was called.
class ExportFolder {
public:
    /// Refuses a target that exists and is not an empty folder, and a disk with less than `bytes` to spare. What a
    /// killed export left behind under the temporary name is removed.
    static Result<ExportFolder> create(const std::filesystem::path& target, std::uint64_t bytes);
    ExportFolder(ExportFolder&& other) noexcept;
    ExportFolder& operator=(ExportFolder&&) = delete;
    ~ExportFolder();

    const std::filesystem::path& path() const { return path_; }  ///< where to write
    Status writeText(const std::string& name, const std::string& text) const;
    Status copyFile(const std::filesystem::path& from) const;
    /// Renames the folder to the target; answers what it takes on disk.
    Result<std::uint64_t> publish();

private:
    ExportFolder(std::filesystem::path target, std::filesystem::path path)
        : target_(std::move(target)), path_(std::move(path)) {}

    std::filesystem::path target_;
    std::filesystem::path path_;
};

/// The first two refusals of `create`, without touching anything.
Status checkTarget(const std::filesystem::path& target);

}  // namespace quantoscope::exports
