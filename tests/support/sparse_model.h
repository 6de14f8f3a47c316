// A checkpoint of LLaMA-3-70B's shapes: real headers over holes, so that it takes no disk.
#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace quantoscope::test {

/// 30 safetensors shards, their index and config.json.
Status writeSparse70b(const std::filesystem::path& folder);

}  // namespace quantoscope::test
