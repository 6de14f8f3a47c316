// The Hugging Face hub cache: models--org--name/{refs,blobs,snapshots}, and what a person may mean by a path.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace quantoscope {

struct ResolvedModel {
    std::filesystem::path path;         ///< a folder with the model's files, or a file
    std::vector<std::string> warnings;  ///< which snapshot was taken when there was a choice
};

/// Accepts a file, a plain folder, a snapshot, a models--org--name folder, a cache root with a repo id appended
/// ("cache/org/name"), and a bare repo id ("org/name") looked up in the user's own cache.
Result<ResolvedModel> resolveModelPath(const std::filesystem::path& given);

/// Links inside a cache must stay inside their models--... folder, and any file must be a regular one.
Status checkInsideModel(const std::filesystem::path& folder, const std::filesystem::path& file);

}  // namespace quantoscope
