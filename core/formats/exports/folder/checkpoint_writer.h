// The part all exports share: write, read back, compare, rename.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/formats/exporter.h"
#include "core/formats/exports/export_model.h"
#include "core/formats/safetensors_writer.h"
#include "core/formats/tokenizer.h"

namespace quantoscope::exports {

struct CheckpointToWrite {
    std::vector<TensorToWrite> tensors;  ///< by the text model's names; written as the source spells them
    std::vector<TextFile> texts;         ///< config.json and its like
    /// Reads the written folder with other code than wrote it and compares everything with the source.
    std::function<Status(const std::filesystem::path& folder, const JobContext&)> verify;
    /// Files that can be written only when all tensors have been: reports. May be empty.
    std::function<Result<std::vector<TextFile>>()> late_texts;
    std::vector<std::string> notes;
    std::uint64_t shard_bytes = 0;
};

Result<ExportReport> writeCheckpoint(const ExportModel& model, CheckpointToWrite checkpoint,
                                     const std::filesystem::path& folder, const JobContext& job);

/// Bytes of all tensors, from types and shapes.
std::uint64_t tensorBytes(const std::vector<TensorToWrite>& tensors);

/// The option every format has: files are cut into shards above this size.
OptionDescription shardSizeOption(std::int64_t default_megabytes);
std::uint64_t shardBytes(const OptionValues& options);

}  // namespace quantoscope::exports
