// Small text files of a model folder, read whole with a limit. Private to the tokenizer sources.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/result.h"

namespace quantoscope {

inline constexpr std::uintmax_t kLargestTokenizerFileBytes = std::uintmax_t{512} << 20;
inline constexpr std::uintmax_t kLargestSmallFileBytes = std::uintmax_t{16} << 20;

/// The whole file; the error names it when it cannot be read or is larger than `limit_bytes`.
Result<std::string> readWholeFile(const std::filesystem::path& path, std::uintmax_t limit_bytes);
/// The object in a JSON file; an empty object when there is no such file.
Result<nlohmann::json> readJsonObject(const std::filesystem::path& path);

}  // namespace quantoscope
