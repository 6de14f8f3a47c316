#include "core/formats/exports/folder/checkpoint_writer.h"

#include "core/base/option_rows.h"
#include "core/formats/exports/folder/export_folder.h"
#include "core/formats/exports/folder/side_files.h"

namespace quantoscope::exports {
namespace {

// Shares of the time: packing and writing, then reading back bit by bit.
constexpr double kWritten = 0.6;

Status writeTexts(const ExportFolder& staging, const std::vector<TextFile>& texts) {
    for (const auto& text : texts) QS_TRY(staging.writeText(text.name, text.content));
    return {};
}

}  // namespace

Result<ExportReport> writeCheckpoint(const ExportModel& model, CheckpointToWrite checkpoint,
                                     const std::filesystem::path& folder, const JobContext& job) {
    QS_TRY(job.checkStop());
    QS_ASSIGN(auto staging, ExportFolder::create(folder, tensorBytes(checkpoint.tensors)));
    QS_ASSIGN(const auto side_notes, writeSideFiles(model, staging));
    QS_TRY(writeTexts(staging, checkpoint.texts));
    for (auto& tensor : checkpoint.tensors) tensor.name = model.storedName(tensor.name);
    QS_TRY(writeCheckpointTensors(staging.path(), std::move(checkpoint.tensors), checkpoint.shard_bytes,
                                  job.part(0.0, kWritten)));
    job.report("Reading the export back", kWritten);
    QS_TRY(checkpoint.verify(staging.path(), job.part(kWritten, 1.0)));
    if (checkpoint.late_texts) {
        QS_ASSIGN(const auto texts, checkpoint.late_texts());
        QS_TRY(writeTexts(staging, texts));
    }
    QS_TRY(job.checkStop());
    ExportReport report{folder, 0, std::move(checkpoint.notes)};
    QS_ASSIGN(report.bytes, staging.publish());
    report.notes.insert(report.notes.end(), side_notes.begin(), side_notes.end());
    job.report("Export finished", 1.0);
    return report;
}

std::uint64_t tensorBytes(const std::vector<TensorToWrite>& tensors) {
    std::uint64_t bytes = 0;
    for (const auto& tensor : tensors) {
        std::uint64_t count = 1;
        for (const auto dimension : tensor.shape) count *= static_cast<std::uint64_t>(dimension);
        bytes += count / traits(tensor.dtype).block_elements * traits(tensor.dtype).block_bits / 8;
    }
    return bytes;
}

OptionDescription shardSizeOption(std::int64_t default_megabytes) {
    return integerOptionRow("max_shard_size", "Largest file", {default_megabytes, 1, 1'000'000}, "MB",
                            "Tensors are spread over several files above this size (millions of bytes).");
}

std::uint64_t shardBytes(const OptionValues& options) {
    return static_cast<std::uint64_t>(integerOption(options, "max_shard_size")) * 1'000'000;
}

}  // namespace quantoscope::exports
