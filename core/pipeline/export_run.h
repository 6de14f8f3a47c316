// Exporting a configuration of a run: what the command line, a recipe's export stage and the window's dialog share.
#pragma once

#include <filesystem>

#include "core/base/job.h"
#include "core/base/result.h"
#include "core/formats/exporter.h"
#include "core/pipeline/target.h"

namespace quantoscope {

Result<ExportSource> exportSource(const Target& target);
Result<ExportReport> exportTarget(const Target& target, const FormatDescription& format,
                                  const std::filesystem::path& folder, const OptionValues& options, JobContext& job);

}  // namespace quantoscope
