#include "core/pipeline/verify.h"

#include <algorithm>

#include "core/base/sha256.h"
#include "core/pipeline/quantize_phase.h"
#include "core/pipeline/run_inputs.h"
#include "core/pipeline/target.h"

namespace quantoscope {
namespace {

namespace fs = std::filesystem;

/// A folder that is gone when this is.
class TemporaryFolder {
public:
    explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {}
    ~TemporaryFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

bool isResult(const fs::path& path) {
    return path.extension() == ".h5" || path.extension() == ".safetensors";
}

Result<std::vector<fs::path>> resultFiles(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
        if (it->is_regular_file(error) && isResult(it->path())) files.push_back(it->path());
    if (error) return failure("the run folder cannot be read", folder.string(), error.message());
    std::ranges::sort(files);
    return files;
}

void checkConfiguration(const RunFolder& run, const std::string& id, VerifyReport& report, JobContext& job) {
    const auto info = run.configuration(id);
    if (!info) return report.problems.push_back(id + ": " + info.error().message);
    if (info->method.empty()) return;
    const auto blocks = run.finishedBlocks(id);
    if (static_cast<std::int64_t>(blocks.size()) != info->block_count)
        report.problems.push_back(id + ": " + std::to_string(blocks.size()) + " of " +
                                  std::to_string(info->block_count) + " blocks are there");
    for (const auto block : blocks) {
        if (job.stopRequested()) return;
        if (const auto record = run.layerRecord(id, block); !record)
            report.problems.push_back(id + ": " + record.error().message);
        const auto codes = run.codes(id, block);
        if (!codes) {
            report.problems.push_back(id + ": " + codes.error().message);
            continue;
        }
        for (const auto role : kLinearRoles)
            if (const auto& linear = codes->linears[static_cast<std::size_t>(role)])
                if (const auto valid = linear->validate(linearPath(block, role)); !valid)
                    report.problems.push_back(id + ": " + valid.error().message);
    }
}

/// Copies the finished blocks before `block` into the temporary run, so that only `block` is solved again.
Status copyBlocksBefore(const fs::path& from, const fs::path& to, std::int64_t block) {
    std::error_code error;
    for (const auto* part : {"layers", "codes"}) {
        fs::create_directories(to / part, error);
        for (const auto& entry : fs::directory_iterator(from / part, error)) {
            const auto stem = entry.path().stem().string();
            if (std::ranges::all_of(stem, [](unsigned char c) { return std::isdigit(c) != 0; }) &&
                std::stoll(stem) < block)
                fs::copy_file(entry.path(), to / part / entry.path().filename(), error);
        }
    }
    return error ? failure("the block cannot be repeated: no copy beside the run folder could be made", to.string(),
                           error.message())
                 : Status{};
}

Result<std::string> repeatBlock(const RunFolder& run, const Target& target, std::int64_t block, JobContext& job) {
    const auto& id = target.configuration.id;
    QS_ASSIGN(auto inputs, openRunInputs(target.recipe, job));
    std::erase_if(inputs.configurations, [&](const Configuration& configuration) { return configuration.id != id; });
    QS_ASSIGN(const auto manifest, run.manifestText());
    QS_ASSIGN(const auto earlier, parseManifest(manifest));
    auto device = ComputeDevice::named(deviceOf(earlier), 0);  // the bytes are of one device
    inputs.manifest.binding[kDeviceKey] = device.id();
    const TemporaryFolder folder(run.path().string() + ".verify");
    QS_ASSIGN(auto again, RunFolder::openForWriting(folder.path()));
    QS_TRY(copyBlocksBefore(run.path() / "configurations" / id, folder.path() / "configurations" / id, block));
    ProgressMeter quiet({1.0}, {});
    QuantizePhase phase({inputs.weights, inputs.recipe.precision, std::move(inputs.windows),
                         provenanceText(inputs.manifest), inputs.configurations, block + 1, &device},
                        again, quiet);
    QS_TRY(phase.run(job));
    QS_ASSIGN(const auto files, resultFiles(folder.path()));
    for (const auto& file : files) {
        const auto relative = fs::relative(file, folder.path());
        QS_ASSIGN(const auto ours, sha256OfFile(file, job));
        QS_ASSIGN(const auto theirs, sha256OfFile(run.path() / relative, job));
        if (ours != theirs)
            return failure("block " + std::to_string(block) + " of " + id + " came out different: " + relative.string(),
                           relative.string());
    }
    return id + " block " + std::to_string(block) + ": the same bytes";
}

}  // namespace

Result<VerifyReport> verifyRun(const fs::path& folder, const std::string& configuration, std::int64_t repeat_block,
                               JobContext& job) {
    VerifyReport report;
    QS_ASSIGN(const auto run, RunFolder::openForReading(folder));
    QS_ASSIGN(const auto ids, run->configurationIds());
    for (const auto& id : ids) {
        job.report("Checking " + id, 0.1);
        checkConfiguration(*run, id, report, job);
    }
    QS_ASSIGN(const auto files, resultFiles(folder));
    for (const auto& file : files) {
        QS_TRY(job.checkStop());
        QS_ASSIGN(auto hash, sha256OfFile(file, job));
        report.files.push_back({fs::relative(file, folder).string(), std::move(hash)});
    }
    if (repeat_block < 0) return report;
    QS_ASSIGN(const auto target, openTarget(folder, WeightDType::bfloat16, configuration));
    if (repeat_block >= target.configuration.block_count)
        return usageError("there is no block " + std::to_string(repeat_block) + "; the last is " +
                          std::to_string(target.configuration.block_count - 1));
    QS_ASSIGN(report.repeated, repeatBlock(*run, target, repeat_block, job));
    return report;
}

}  // namespace quantoscope
