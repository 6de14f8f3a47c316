#include "core/formats/folder/hub_cache.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/formats/cached_models.h"
#include "core/formats/memory_map.h"
#include "core/formats/strict_json.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): read once, nothing here sets it
    return value == nullptr ? std::string() : std::string(value);
}

bool isFolder(const fs::path& path) {
    std::error_code error;
    return fs::is_directory(path, error);
}

bool isRepository(const fs::path& folder) {
    return folder.filename().string().starts_with("models--") && isFolder(folder / "snapshots");
}

/// "org/name" -> "models--org--name"
std::string repositoryFolder(const std::string& organisation, const std::string& name) {
    return organisation.empty() ? "models--" + name : "models--" + organisation + "--" + name;
}

std::string trimmed(std::string text) {
    const auto end = text.find_last_not_of(" \t\r\n");
    text.resize(end == std::string::npos ? 0 : end + 1);
    return text;
}

bool hasConfig(const fs::path& snapshot) {
    std::error_code error;
    return fs::exists(snapshot / "config.json", error);
}

/// The snapshot that refs/main names, when it is complete enough to hold a config.
std::optional<fs::path> mainSnapshot(const fs::path& repository) {
    const auto commit = readTextFile(repository / "refs" / "main", 4096);
    if (!commit) return std::nullopt;
    const auto name = trimmed(*commit);
    if (name.empty() || name.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return std::nullopt;
    const auto snapshot = repository / "snapshots" / name;
    return hasConfig(snapshot) ? std::optional(snapshot) : std::nullopt;
}

Result<ResolvedModel> resolveRepository(const fs::path& repository) {
    if (auto snapshot = mainSnapshot(repository)) return ResolvedModel{std::move(*snapshot), {}};
    std::vector<fs::path> candidates;
    std::error_code error;
    for (fs::directory_iterator entry(repository / "snapshots", error), end; !error && entry != end;
         entry.increment(error))
        if (hasConfig(entry->path())) candidates.push_back(entry->path());
    if (candidates.empty())
        return failure(quotedName(repository) + " holds no snapshot with a config.json: the download is incomplete",
                       repository.string());
    if (candidates.size() == 1) return ResolvedModel{candidates.front(), {}};
    const auto newest = std::ranges::max_element(candidates, {}, [](const fs::path& path) {
        std::error_code ignored;
        return std::pair(fs::last_write_time(path, ignored), path.filename().string());
    });
    return ResolvedModel{*newest,
                         {"the cache names no main version: the newest of " + std::to_string(candidates.size()) +
                          " snapshots is used, " + newest->filename().string()}};
}

/// A path that does not exist may be a repo id, alone or behind a cache root.
std::optional<fs::path> findRepository(const fs::path& given) {
    const auto name = given.filename().string();
    const auto organisation = given.parent_path().filename().string();
    const auto root = given.parent_path().parent_path();
    std::vector<fs::path> places{root / repositoryFolder(organisation, name),
                                 given.parent_path() / repositoryFolder("", name)};
    if (given.is_relative() && root.empty()) places.push_back(userHubCache() / repositoryFolder(organisation, name));
    const auto found = std::ranges::find_if(places, isRepository);
    return found == places.end() ? std::nullopt : std::optional(*found);
}

std::size_t repositoriesIn(const fs::path& folder) {
    std::size_t count = 0;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        if (isRepository(entry->path())) ++count;
    return count;
}

/// The models--... folder that a snapshot path lies in.
std::optional<fs::path> enclosingRepository(const fs::path& folder) {
    for (auto path = folder; path.has_relative_path(); path = path.parent_path())
        if (isRepository(path)) return path;
    return std::nullopt;
}

bool isWithin(const fs::path& path, const fs::path& folder) {
    const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return end == folder.end();
}

}  // namespace

fs::path userHubCache() {
    if (const auto cache = environment("HF_HUB_CACHE"); !cache.empty()) return cache;
    if (const auto home = environment("HF_HOME"); !home.empty()) return fs::path(home) / "hub";
    const auto user = environment("HOME");
    return user.empty() ? fs::path() : fs::path(user) / ".cache/huggingface/hub";
}

Result<ResolvedModel> resolveModelPath(const fs::path& given) {
    std::error_code error;
    auto path = given;
    if (!path.has_filename()) path = path.parent_path();  // "folder/"
    const auto status = fs::status(path, error);
    if (!fs::exists(status)) {
        if (const auto repository = findRepository(path)) return resolveRepository(*repository);
        return failure("there is no model at '" + excerpt(given.filename().string()) +
                           "': no such file, folder or cached repository",
                       given.string());
    }
    if (!fs::is_directory(status)) return ResolvedModel{path, {}};
    if (isRepository(path)) return resolveRepository(path);
    const auto absolute = fs::absolute(path, error).lexically_normal();
    if (isRepository(absolute)) return resolveRepository(absolute);
    if (!hasConfig(path))
        if (const auto count = repositoriesIn(path); count > 0)
            return failure(quotedName(path) + " is a hub cache with " + std::to_string(count) +
                               " models: add the one to open, as in cache/org/name",
                           path.string());
    return ResolvedModel{path, {}};
}

Status checkInsideModel(const fs::path& folder, const fs::path& file) {
    std::error_code error;
    const auto target = fs::canonical(file, error);
    if (error)
        return failure(quotedName(file) + " is a link to a file that is not there: the download is incomplete",
                       file.string(), error.message());
    const auto repository = enclosingRepository(fs::canonical(folder, error));
    if (repository && !isWithin(target, *repository))
        return failure(quotedName(file) + " is a link that leaves the cache folder of its model", file.string(),
                       target.string());
    return {};
}

}  // namespace quantoscope
