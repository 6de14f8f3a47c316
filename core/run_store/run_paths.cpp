#include "core/run_store/run_paths.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <system_error>

#include "core/run_store/configuration_file.h"

namespace quantoscope::run_paths {
namespace {

namespace fs = std::filesystem;

/// Block numbers of the files "NNN<extension>" in a folder.
std::set<std::int64_t> blocksIn(const fs::path& folder, const std::string& extension) {
    std::set<std::int64_t> blocks;
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        if (it->path().extension() != extension) continue;
        const std::string stem = it->path().stem().string();
        std::int64_t block = -1;
        const auto [last, status] = std::from_chars(stem.data(), stem.data() + stem.size(), block);
        if (status == std::errc() && last == stem.data() + stem.size() && block >= 0 && blockName(block) == stem)
            blocks.insert(block);
    }
    return blocks;
}

}  // namespace

std::string blockName(std::int64_t block) {
    const std::string number = std::to_string(block);
    return std::string(number.size() < 3 ? 3 - number.size() : 0, '0') + number;
}

fs::path configurations(const fs::path& run) {
    return run / "configurations";
}
fs::path configuration(const fs::path& run, const std::string& id) {
    return configurations(run) / id;
}
fs::path layer(const fs::path& run, const std::string& id, std::int64_t block) {
    return configuration(run, id) / "layers" / (blockName(block) + ".h5");
}
fs::path codes(const fs::path& run, const std::string& id, std::int64_t block) {
    return configuration(run, id) / "codes" / (blockName(block) + ".safetensors");
}
fs::path codesDropped(const fs::path& run, const std::string& id) {
    return configuration(run, id) / "codes-dropped";
}

std::vector<std::string> configurationIds(const fs::path& run) {
    std::vector<std::string> ids;
    std::error_code error;
    for (fs::directory_iterator it(configurations(run), error), end; !error && it != end; it.increment(error)) {
        std::error_code ignored;
        const std::string name = it->path().filename().string();
        if (it->is_directory(ignored) && checkConfigurationId(name)) ids.push_back(name);
    }
    std::ranges::sort(ids);
    return ids;
}

std::vector<std::int64_t> finishedBlocks(const fs::path& run, const std::string& id) {
    const auto layers = blocksIn(configuration(run, id) / "layers", ".h5");
    const auto coded = blocksIn(configuration(run, id) / "codes", ".safetensors");
    std::error_code error;
    const bool dropped = fs::exists(codesDropped(run, id), error);
    std::vector<std::int64_t> finished;
    for (const auto block : layers)
        if (dropped || coded.contains(block)) finished.push_back(block);
    return finished;
}

}  // namespace quantoscope::run_paths
