// Writes safetensors files: sizes are known before data, so tensors are streamed and nothing is held.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/tensor/dtype.h"

namespace quantoscope {

struct TensorToWrite {
    std::string name;
    DType dtype = DType::f32;
    std::vector<std::int64_t> shape;
    /// Called once, in file order; must give exactly the tensor's bytes (little-endian).
    std::function<Result<std::vector<std::byte>>()> data;
};

/// Writes to a temporary name beside `path`, syncs, renames. `metadata` gets "format": "pt" added. Tensors are ordered
/// by (element size descending, name), the header is padded to 8 bytes.
Status writeSafetensors(const std::filesystem::path& path, std::vector<TensorToWrite> tensors,
                        std::map<std::string, std::string> metadata, const JobContext& job);

/// A whole checkpoint: model.safetensors, or shards with model.safetensors.index.json above `shard_bytes`.
Status writeCheckpointTensors(const std::filesystem::path& folder, std::vector<TensorToWrite> tensors,
                              std::uint64_t shard_bytes, const JobContext& job);

}  // namespace quantoscope
