// configurations/<id>/sensitivity.json: what quantizing each linear alone does to the model's predictions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/base/result.h"
#include "core/model/model_config.h"

namespace quantoscope {

struct LinearDivergences {
    std::int64_t samples = 0;
    std::int64_t sequence_length = 0;
    /// KL(original || model with this linear alone quantized), mean over the tokens, by block and role.
    std::map<std::pair<std::int64_t, LinearRole>, double> divergence;
};

std::filesystem::path divergencePath(const std::filesystem::path& run_folder, const std::string& configuration);
Status writeDivergences(const std::filesystem::path& path, const LinearDivergences& measured);
/// Nothing when the file is not there.
Result<std::optional<LinearDivergences>> readDivergences(const std::filesystem::path& path);

}  // namespace quantoscope
