// Scores of one configuration <-> scores.h5.
#pragma once

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {

inline constexpr std::int64_t kScoreFormatVersion = 1;

Status writeScoreFile(const std::filesystem::path& path, const std::vector<Score>& scores);
Result<std::vector<Score>> readScoreFile(const std::filesystem::path& path);

}  // namespace quantoscope
