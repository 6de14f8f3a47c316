// model.safetensors.index.json: which shard holds which tensor.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/formats/safetensors_file.h"

namespace quantoscope {

struct ShardIndex {
    std::map<std::string, std::string> weight_map;  ///< tensor -> bare file name
    std::optional<std::uint64_t> total_size;
    std::vector<std::string> files() const;  ///< every shard once, sorted
};

Result<ShardIndex> parseShardIndex(std::string_view json, const std::filesystem::path& where);

/// Every mapped tensor is in its shard and in no other. Tensors that the map leaves out, and a total_size that differs
/// from the shards' data, become warnings.
Status checkShards(const ShardIndex& index, const std::vector<std::shared_ptr<const SafetensorsFile>>& shards,
                   std::vector<std::string>& warnings);

}  // namespace quantoscope
