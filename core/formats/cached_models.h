// The models that Hugging Face tools have downloaded, as far as their folders tell without opening any weights.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace quantoscope {

struct CachedModel {
    std::string id;              ///< "org/name"
    std::filesystem::path path;  ///< its models--org--name folder, which ModelFiles::open() accepts
    std::uint64_t bytes = 0;     ///< of the weights of the version that would be opened
    std::string problem;         ///< why it cannot be opened; empty: nothing in the way as far as config.json tells

    friend bool operator==(const CachedModel&, const CachedModel&) = default;
};

/// The user's own cache: $HF_HUB_CACHE, $HF_HOME/hub or ~/.cache/huggingface/hub.
std::filesystem::path userHubCache();

/// The models of a cache: first those that can be opened, each part by id. A cache that is not there is an empty one;
/// when `stop` is requested, what was found until then.
std::vector<CachedModel> cachedModels(const std::filesystem::path& cache, const std::stop_token& stop = {});

}  // namespace quantoscope
