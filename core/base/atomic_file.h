// Files that are there whole or not at all: written under a temporary name in the same folder, synced, renamed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace quantoscope {

/// Replaces `path` by `bytes`. On failure the old file is untouched and no temporary file is left. A full disk, a
/// read-only or missing folder is one sentence that names the folder and, when the disk is full, the bytes needed.
Status writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
Status writeTextAtomically(const std::filesystem::path& path, std::string_view text);

/// The whole file, refused when larger than `limit_bytes`.
Result<std::string> readTextFile(const std::filesystem::path& path, std::uint64_t limit_bytes);

/// A name in the folder of `path` that no other writer uses: ".<name>.<process>.<counter>.part".
std::filesystem::path temporaryPath(const std::filesystem::path& path);
/// Was this file name made by temporaryPath()?
bool isTemporaryName(const std::filesystem::path& name);
/// Syncs a finished temporary file, renames it to `path`, syncs the folder.
Status commitTemporaryFile(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// The sentence for a failed write: `error_number` is errno, `needed_bytes` what was to be written (0: not known).
Error writeError(const std::filesystem::path& path, int error_number, std::uint64_t needed_bytes);
/// Makes a folder and its parents, with the same sentences.
Status makeFolder(const std::filesystem::path& folder);
/// "12.3 MB", C locale.
std::string byteText(std::uint64_t bytes);

}  // namespace quantoscope
