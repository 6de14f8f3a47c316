// Where things lie in a run folder; see run_folder.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace quantoscope::run_paths {

/// "007", "1234"
std::string blockName(std::int64_t block);
std::filesystem::path configurations(const std::filesystem::path& run);
std::filesystem::path configuration(const std::filesystem::path& run, const std::string& id);
std::filesystem::path layer(const std::filesystem::path& run, const std::string& id, std::int64_t block);
std::filesystem::path codes(const std::filesystem::path& run, const std::string& id, std::int64_t block);
/// Present once the codes were dropped on purpose: their absence no longer makes a block unfinished.
std::filesystem::path codesDropped(const std::filesystem::path& run, const std::string& id);
/// Configuration folders that exist, sorted by name.
std::vector<std::string> configurationIds(const std::filesystem::path& run);
/// Blocks whose layer file is there, and whose codes are there or were dropped; ascending.
std::vector<std::int64_t> finishedBlocks(const std::filesystem::path& run, const std::string& id);

}  // namespace quantoscope::run_paths
