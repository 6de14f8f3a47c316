#include "core/run_store/run_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/run_store/codes_file.h"
#include "core/run_store/configuration_file.h"
#include "core/run_store/layer_file.h"
#include "core/run_store/run_lock.h"
#include "core/run_store/run_paths.h"
#include "core/run_store/score_file.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestText_bytes = std::uint64_t{64} << 20;

/// Files of a killed writer: ours by their name, in folders of ours.
void removeTemporaryFiles(const fs::path& run) {
    std::error_code error;
    const auto options = fs::directory_options::skip_permission_denied;
    std::vector<fs::path> left;
    for (fs::recursive_directory_iterator it(run, options, error), end; !error && it != end; it.increment(error)) {
        if (it.depth() == 0 && it->path().filename() == "exports") it.disable_recursion_pending();
        std::error_code ignored;
        if (it->is_regular_file(ignored) && isTemporaryName(it->path())) left.push_back(it->path());
    }
    for (const auto& path : left) fs::remove(path, error);
}

/// A line that a killed writer did not finish is cut off, so that the next one starts on its own.
Status repairEvents(const fs::path& path) {
    std::error_code error;
    if (!fs::exists(path, error)) return {};
    QS_ASSIGN(const std::string text, readTextFile(path, std::uint64_t{1} << 30));
    if (text.empty() || text.back() == '\n') return {};
    const auto last = text.rfind('\n');
    fs::resize_file(path, last == std::string::npos ? 0 : last + 1, error);
    if (error) return std::unexpected(writeError(path, error.value(), 0));
    return {};
}

/// Appends one line in one write; a line that does not fit on the disk leaves the file as it was.
Status appendLine(const fs::path& path, const std::string& line) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (file < 0) return std::unexpected(writeError(path, errno, line.size()));
    struct stat before{};
    ::fstat(file, &before);
    const ssize_t written = ::write(file, line.data(), line.size());
    const int error_number = written < 0 ? errno : ENOSPC;
    const bool whole = written == static_cast<ssize_t>(line.size());
    if (!whole && written > 0) [[maybe_unused]]
        const int ignored = ::ftruncate(file, before.st_size);
    ::close(file);
    if (!whole) return std::unexpected(writeError(path, error_number, line.size()));
    return {};
}

/// Says before a large write that it cannot fit.
Status checkSpace(const fs::path& path, std::uint64_t needed_bytes) {
    std::error_code error;
    const auto space = fs::space(path.parent_path(), error);
    if (error || space.available >= needed_bytes) return {};
    return std::unexpected(writeError(path, ENOSPC, needed_bytes));
}

bool sameTest(const Score& a, const Score& b) {
    return a.benchmark == b.benchmark && a.metric == b.metric && a.protocol == b.protocol;
}

class DiskRunFolder final : public RunFolder {
public:
    DiskRunFolder(fs::path folder, std::unique_ptr<RunLock> lock) : path_(std::move(folder)), lock_(std::move(lock)) {}

    const fs::path& path() const override { return path_; }
    Result<std::string> recipeText() const override { return readTextFile(path_ / "recipe.json", kLargestText_bytes); }
    Result<std::string> manifestText() const override {
        return readTextFile(path_ / "manifest.json", kLargestText_bytes);
    }
    Status writeRecipe(const std::string& json_text) override { return writeText("recipe.json", json_text); }
    Status writeManifest(const std::string& json_text) override { return writeText("manifest.json", json_text); }
    Status appendEvent(const std::string& json_line) override;

    Result<std::vector<std::string>> configurationIds() const override { return run_paths::configurationIds(path_); }
    Result<ConfigurationInfo> configuration(const std::string& id) const override;
    Status writeConfiguration(const ConfigurationInfo& info) override;

    std::vector<std::int64_t> finishedBlocks(const std::string& id) const override;
    Status writeBlock(const std::string& id, const LayerRecord& record, const QuantizedBlock& block,
                      const std::string& provenance) override;
    Result<LayerRecord> layerRecord(const std::string& id, std::int64_t block) const override;
    Result<LayerRecord> layerMetrics(const std::string& id, std::int64_t block) const override;
    Result<QuantizedBlock> codes(const std::string& id, std::int64_t block) const override;
    Result<std::string> blockProvenance(const std::string& id, std::int64_t block) const override;
    Status dropCodes(const std::string& id) override;

    Status writeScores(const std::string& id, std::span<const Score> written) override;
    Result<std::vector<Score>> scores(const std::string& id) const override;

private:
    Status mayWrite() const {
        if (!lock_) return usageError("The run folder was opened for reading only.");
        return lock_->check();
    }
    Status writeText(const char* name, const std::string& text) {
        QS_TRY(mayWrite());
        return writeTextAtomically(path_ / name, text);
    }
    Status prepareBlock(const std::string& id, std::int64_t block, const std::string& provenance);

    fs::path path_;
    std::unique_ptr<RunLock> lock_;
    std::mutex score_mutex_;  ///< scores are read, changed and written back
};

Status DiskRunFolder::appendEvent(const std::string& json_line) {
    QS_TRY(mayWrite());
    if (json_line.find('\n') != std::string::npos) return usageError("An event must be one line.");
    return appendLine(path_ / "events.jsonl", json_line + "\n");
}

Result<ConfigurationInfo> DiskRunFolder::configuration(const std::string& id) const {
    QS_TRY(checkConfigurationId(id));
    const fs::path file = run_paths::configuration(path_, id) / "configuration.json";
    QS_ASSIGN(const std::string text, readTextFile(file, kLargestText_bytes));
    QS_ASSIGN(ConfigurationInfo info, parseConfiguration(text, file.string()));
    info.id = id;  // the folder may have been copied under another name
    const auto finished = finishedBlocks(id);
    if (!finished.empty()) info.finished_blocks = static_cast<std::int64_t>(finished.size());
    return info;
}

Status DiskRunFolder::writeConfiguration(const ConfigurationInfo& info) {
    QS_TRY(mayWrite());
    QS_TRY(checkConfigurationId(info.id));
    const fs::path folder = run_paths::configuration(path_, info.id);
    QS_TRY(makeFolder(folder));
    return writeTextAtomically(folder / "configuration.json", configurationJson(info));
}

std::vector<std::int64_t> DiskRunFolder::finishedBlocks(const std::string& id) const {
    if (!checkConfigurationId(id)) return {};
    return run_paths::finishedBlocks(path_, id);
}

/// A block solved from other inputs must not be found beside the old one's record after a crash.
Status DiskRunFolder::prepareBlock(const std::string& id, std::int64_t block, const std::string& provenance) {
    const fs::path layer = run_paths::layer(path_, id, block);
    QS_TRY(makeFolder(layer.parent_path()));
    QS_TRY(makeFolder(run_paths::codes(path_, id, block).parent_path()));
    std::error_code error;
    if (!fs::exists(layer, error)) return {};
    const auto found = readLayerProvenance(layer, block);
    if (found && *found == provenance) return {};
    fs::remove(layer, error);
    if (error) return std::unexpected(writeError(layer, error.value(), 0));
    return {};
}

Status DiskRunFolder::writeBlock(const std::string& id, const LayerRecord& record, const QuantizedBlock& block,
                                 const std::string& provenance) {
    QS_TRY(mayWrite());
    QS_TRY(checkConfigurationId(id));
    if (record.block < 0) return usageError("A block has no number.");
    const fs::path codes_path = run_paths::codes(path_, id, record.block);
    QS_TRY(prepareBlock(id, record.block, provenance));
    QS_TRY(checkSpace(codes_path, codesBytes(block)));
    QS_TRY(writeCodesFile(codes_path, record.block, block, provenance));
    return writeLayerFile(run_paths::layer(path_, id, record.block), record, provenance);
}

Result<LayerRecord> DiskRunFolder::layerRecord(const std::string& id, std::int64_t block) const {
    QS_TRY(checkConfigurationId(id));
    return readLayerFile(run_paths::layer(path_, id, block), block);
}

Result<LayerRecord> DiskRunFolder::layerMetrics(const std::string& id, std::int64_t block) const {
    QS_TRY(checkConfigurationId(id));
    return readLayerMetrics(run_paths::layer(path_, id, block), block);
}

Result<QuantizedBlock> DiskRunFolder::codes(const std::string& id, std::int64_t block) const {
    QS_TRY(checkConfigurationId(id));
    const fs::path file = run_paths::codes(path_, id, block);
    std::error_code error;
    if (!fs::exists(file, error))
        return failure("The codes of block " + std::to_string(block) + " of '" + id +
                           "' are not kept in this run: run it again with keep_codes on.",
                       file.string());
    return readCodesFile(file, block);
}

Result<std::string> DiskRunFolder::blockProvenance(const std::string& id, std::int64_t block) const {
    QS_TRY(checkConfigurationId(id));
    QS_ASSIGN(std::string provenance, readLayerProvenance(run_paths::layer(path_, id, block), block));
    const fs::path file = run_paths::codes(path_, id, block);
    std::error_code error;
    if (!fs::exists(file, error)) return provenance;
    QS_ASSIGN(const std::string of_codes, readCodesProvenance(file, block));
    if (of_codes != provenance)
        return failure("The record and the codes of block " + std::to_string(block) + " of '" + id +
                           "' do not belong together: delete both and resume the run.",
                       file.string());
    return provenance;
}

Status DiskRunFolder::dropCodes(const std::string& id) {
    QS_TRY(mayWrite());
    QS_TRY(checkConfigurationId(id));
    QS_TRY(writeTextAtomically(run_paths::codesDropped(path_, id), ""));
    std::error_code error;
    fs::remove_all(run_paths::configuration(path_, id) / "codes", error);
    if (error) return std::unexpected(writeError(run_paths::configuration(path_, id) / "codes", error.value(), 0));
    return {};
}

Status DiskRunFolder::writeScores(const std::string& id, std::span<const Score> written) {
    QS_TRY(mayWrite());
    const std::lock_guard guard(score_mutex_);
    QS_ASSIGN(auto all, scores(id));
    for (const auto& score : written) {
        const auto found = std::ranges::find_if(all, [&](const Score& other) { return sameTest(other, score); });
        if (found == all.end())
            all.push_back(score);
        else
            *found = score;
    }
    const fs::path folder = run_paths::configuration(path_, id);
    QS_TRY(makeFolder(folder));
    return writeScoreFile(folder / "scores.h5", all);
}

Result<std::vector<Score>> DiskRunFolder::scores(const std::string& id) const {
    QS_TRY(checkConfigurationId(id));
    const fs::path file = run_paths::configuration(path_, id) / "scores.h5";
    std::error_code error;
    if (!fs::exists(file, error)) return std::vector<Score>{};
    return readScoreFile(file);
}

/// New, empty, or begun by a worker that was stopped before its first file: anything else is somebody's own folder.
bool mayBecomeRunFolder(const fs::path& folder) {
    std::error_code error;
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
        const fs::path name = it->path().filename();
        if (name != "lock" && name != "recipe.json" && name != "manifest.json" && name != "events.jsonl" &&
            name != "notes.json" && !isTemporaryName(name))
            return false;
    }
    return !error;
}

std::unexpected<Error> notARunFolder(const fs::path& folder) {
    return failure(
        "'" + folder.string() + "' is not a run folder (no recipe.json and manifest.json): choose another one.",
        folder.string());
}

}  // namespace

bool RunFolder::isRunFolder(const fs::path& folder) {
    std::error_code error;
    return fs::is_regular_file(folder / "recipe.json", error) && fs::is_regular_file(folder / "manifest.json", error);
}

Result<std::shared_ptr<RunFolder>> RunFolder::openForWriting(const fs::path& folder) {
    QS_TRY(makeFolder(folder));
    if (!isRunFolder(folder) && !mayBecomeRunFolder(folder))
        return failure(
            "'" + folder.string() + "' holds other files and is not a run folder: choose a new or empty one.",
            folder.string());
    QS_ASSIGN(auto lock, RunLock::take(folder));
    removeTemporaryFiles(folder);
    QS_TRY(repairEvents(folder / "events.jsonl"));
    return std::make_shared<DiskRunFolder>(folder, std::move(lock));
}

Result<std::shared_ptr<const RunFolder>> RunFolder::openForReading(const fs::path& folder) {
    if (!isRunFolder(folder)) return notARunFolder(folder);
    return std::make_shared<const DiskRunFolder>(folder, nullptr);
}

}  // namespace quantoscope
