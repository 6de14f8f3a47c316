#include "core/formats/cached_models.h"

#include <algorithm>
#include <system_error>
#include <tuple>

#include "core/base/atomic_file.h"
#include "core/formats/folder/hub_cache.h"
#include "core/formats/model_files.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kConfigLimit_bytes = 4U << 20U;
constexpr std::string_view kPrefix = "models--";

/// "models--org--name" -> "org/name"; a repository's name holds no "--" of its own.
std::string repositoryId(const fs::path& folder) {
    std::string id = folder.filename().string().substr(kPrefix.size());
    for (auto at = id.find("--"); at != std::string::npos; at = id.find("--", at)) id.replace(at, 2, "/");
    return id;
}

/// Weights of the formats that can be read, links followed; a file that is not there counts nothing.
std::uint64_t weightBytes(const fs::path& snapshot) {
    std::uint64_t bytes = 0;
    std::error_code error;
    for (fs::directory_iterator entry(snapshot, error), end; !error && entry != end; entry.increment(error)) {
        const auto extension = entry->path().extension();
        if (extension != ".safetensors" && extension != ".gguf") continue;
        std::error_code missing;
        const auto size = fs::file_size(entry->path(), missing);
        if (!missing) bytes += size;
    }
    return bytes;
}

CachedModel describe(const fs::path& repository) {
    CachedModel model{repositoryId(repository), repository, 0, {}};
    const auto resolved = resolveModelPath(repository);
    if (!resolved) {
        model.problem = resolved.error().message;
        return model;
    }
    model.bytes = weightBytes(resolved->path);
    const auto text = readTextFile(resolved->path / "config.json", kConfigLimit_bytes);
    const auto config = text ? parseModelConfig(*text, resolved->path / "config.json")
                             : Result<ModelConfig>(std::unexpected(text.error()));
    if (!config)
        model.problem = config.error().message;
    else if (model.bytes == 0)
        model.problem = "it holds no safetensors weights";
    return model;
}

}  // namespace

std::vector<CachedModel> cachedModels(const fs::path& cache, const std::stop_token& stop) {
    std::vector<CachedModel> models;
    std::error_code error;
    for (fs::directory_iterator entry(cache, error), end; !error && entry != end && !stop.stop_requested();
         entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().filename().string().starts_with(kPrefix) && fs::is_directory(entry->path(), ignored))
            models.push_back(describe(entry->path()));
    }
    std::ranges::sort(models, {},
                      [](const CachedModel& model) { return std::tuple(!model.problem.empty(), model.id); });
    return models;
}

}  // namespace quantoscope
