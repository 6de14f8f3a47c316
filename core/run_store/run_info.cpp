// What the window lists of a run, from its small files.
#include <chrono>
#include <ctime>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/run_store/run_folder.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

/// ISO 8601, UTC, of a file's last change: for a manifest that does not say when it was made.
std::string changedText(const fs::path& path) {
    std::error_code error;
    const auto changed = fs::last_write_time(path, error);
    if (error) return {};
    const std::time_t time = std::chrono::system_clock::to_time_t(std::chrono::file_clock::to_sys(changed));
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::string text(21, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts));
    return text;
}

/// Absent notes are no error: nobody has written any.
Result<RunNotes> readNotes(const fs::path& folder) {
    const fs::path file = folder / "notes.json";
    std::error_code error;
    if (!fs::exists(file, error)) return RunNotes{};
    QS_ASSIGN(const nlohmann::json content, readJsonFile(file.string()));
    return RunNotes{stringMember(content, "name"), stringMember(content, "annotation")};
}

}  // namespace

Result<RunInfo> readRunInfo(const fs::path& folder) {
    QS_ASSIGN(const auto run, RunFolder::openForReading(folder));
    RunInfo info;
    info.folder = folder;
    QS_ASSIGN(info.notes, readNotes(folder));
    QS_ASSIGN(const nlohmann::json recipe, readJsonFile((folder / "recipe.json").string()));
    info.model_path = stringMember(recipe, "model");
    QS_ASSIGN(const nlohmann::json manifest, readJsonFile((folder / "manifest.json").string()));
    if (manifest.is_object() && manifest.contains("recorded")) {
        info.created = stringMember(manifest["recorded"], "created");
        info.study_model = stringMember(manifest["recorded"], "study model");
    }
    if (info.created.empty()) info.created = changedText(folder / "recipe.json");
    QS_ASSIGN(info.disk_bytes, folderBytes(folder));
    QS_ASSIGN(const auto ids, run->configurationIds());
    for (const auto& id : ids) {
        auto configuration = run->configuration(id);
        if (configuration) info.configurations.push_back(std::move(*configuration));
    }
    return info;
}

Status writeRunNotes(const fs::path& folder, const RunNotes& notes) {
    if (!RunFolder::isRunFolder(folder))
        return failure("'" + folder.string() + "' is not a run folder.", folder.string());
    const nlohmann::json content{{"name", notes.name}, {"annotation", notes.annotation}};
    return writeTextAtomically(folder / "notes.json", jsonText(content, 2) + "\n");
}

Result<std::uint64_t> folderBytes(const fs::path& folder) {
    std::error_code error;
    std::uint64_t bytes = 0;
    fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
    for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
        std::error_code gone;  // a temporary file may vanish while we look
        if (!it->is_regular_file(gone)) continue;
        const auto size = it->file_size(gone);
        if (!gone) bytes += size;
    }
    if (error) return failure("The folder '" + folder.string() + "' cannot be read.", folder.string(), error.message());
    return bytes;
}

}  // namespace quantoscope
