// The JSON header of a safetensors file, read without building a tree: one pass, every rule of the format checked.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/formats/safetensors_file.h"

namespace quantoscope {

struct SafetensorsHeader {
    std::vector<SafetensorsFile::Entry> entries;  ///< ordered by position in the data buffer
    std::map<std::string, std::string> metadata;
};

/// `data_bytes` is the length of the data buffer that follows the header. `where` is named in errors.
Result<SafetensorsHeader> parseSafetensorsHeader(std::string_view json, std::uint64_t data_bytes,
                                                 const std::filesystem::path& where);

}  // namespace quantoscope
