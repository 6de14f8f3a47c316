#include "core/formats/folder/shard_index.h"

#include <algorithm>
#include <unordered_map>

#include "core/formats/memory_map.h"
#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

bool isBareName(const std::string& name) {
    return !name.empty() && name != "." && name != ".." && name.find_first_of("/\\:") == std::string::npos &&
           name.find('\0') == std::string::npos && name.size() <= 255;
}

}  // namespace

std::vector<std::string> ShardIndex::files() const {
    std::vector<std::string> names;
    for (const auto& [tensor, file] : weight_map) names.push_back(file);
    std::ranges::sort(names);
    names.erase(std::ranges::unique(names).begin(), names.end());
    return names;
}

Result<ShardIndex> parseShardIndex(std::string_view json, const std::filesystem::path& where) {
    QS_ASSIGN(const auto tree, parseStrictJson(json, where, 8));
    const auto refused = [&](const std::string& problem) {
        return failure(where.filename().string() + ": " + problem, where.string());
    };
    if (!tree.is_object()) return refused("the index must be a JSON object");
    const auto map = tree.find("weight_map");
    if (map == tree.end()) return refused("the index has no 'weight_map'");
    if (!map->is_object() || map->empty())
        return refused("'weight_map' must be an object that names at least one tensor");
    ShardIndex index;
    for (const auto& [tensor, file] : map->items()) {
        if (!file.is_string())
            return refused("the shard of tensor '" + excerpt(tensor) + "' must be a file name in quotes");
        const auto& name = file.get_ref<const std::string&>();
        if (!isBareName(name))
            return refused("the shard name of tensor '" + excerpt(tensor) +
                           "' must be a bare file name inside the model folder, no path");
        index.weight_map.emplace(tensor, name);
    }
    if (const auto metadata = tree.find("metadata"); metadata != tree.end() && metadata->is_object())
        if (const auto total = metadata->find("total_size"); total != metadata->end() && total->is_number_unsigned())
            index.total_size = total->get<std::uint64_t>();
    return index;
}

Status checkShards(const ShardIndex& index, const std::vector<std::shared_ptr<const SafetensorsFile>>& shards,
                   std::vector<std::string>& warnings) {
    std::unordered_map<std::string, std::string> holder;
    std::uint64_t total = 0;
    std::size_t unmapped = 0;
    std::string first_unmapped;
    for (const auto& shard : shards) {
        const auto file = shard->map()->path().filename().string();
        for (const auto& entry : shard->entries()) {
            total += entry.end - entry.begin;
            if (const auto [other, fresh] = holder.emplace(entry.name, file); !fresh)
                return failure("tensor '" + excerpt(entry.name) + "' appears in two shards, '" + other->second +
                                   "' and '" + file + "'",
                               shard->map()->path().string());
            if (!index.weight_map.contains(entry.name) && unmapped++ == 0) first_unmapped = entry.name;
        }
    }
    for (const auto& [tensor, file] : index.weight_map) {
        const auto found = holder.find(tensor);
        if (found == holder.end() || found->second != file)
            return failure("tensor '" + excerpt(tensor) + "' is not in '" + excerpt(file) +
                           "', where the index maps it");
    }
    if (unmapped > 0)
        warnings.push_back(std::to_string(unmapped) +
                           " tensors lie in the shards but not in the index, the first is '" + excerpt(first_unmapped) +
                           "'");
    if (index.total_size && *index.total_size != total)
        warnings.push_back("the index says " + std::to_string(*index.total_size) + " bytes in total, the shards hold " +
                           std::to_string(total));
    return {};
}

}  // namespace quantoscope
