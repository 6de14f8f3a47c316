// Checks a run folder: every result can be read, fits the model, and one block can be made again byte for byte.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"

namespace quantoscope {

struct VerifiedFile {
    std::string path;  ///< relative to the run folder
    std::string sha256;
};

struct VerifyReport {
    std::vector<VerifiedFile> files;
    std::vector<std::string> problems;  ///< one sentence each; empty: all is well
    std::string repeated;               ///< "gptq-w4-g64 block 3: the same bytes", empty when nothing was repeated
};

/// Reads every layer and code file and hashes it. With `repeat_block` >= 0 that block of `configuration` (or of the
/// only one) is solved again in a temporary folder beside the run and compared byte for byte.
Result<VerifyReport> verifyRun(const std::filesystem::path& folder, const std::string& configuration,
                               std::int64_t repeat_block, JobContext& job);

}  // namespace quantoscope
