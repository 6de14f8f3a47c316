// LayerRecord <-> layers/NNN.h5. Root attributes: format "quantoscope-layer", format_version, block, provenance; one
// group per linear ("q", "k", ...) with metrics (each with its unit), histogram, tile maps (float16), salience, channel
// error.
#pragma once

#include <filesystem>
#include <string>

#include "core/analysis/layer_record.h"
#include "core/base/result.h"

namespace quantoscope {

/// Raise it with every change of meaning, and teach readLayerFile the older ones.
inline constexpr std::int64_t kLayerFormatVersion = 1;

/// Replaces the file whole. The same record gives the same bytes.
Status writeLayerFile(const std::filesystem::path& path, const LayerRecord& record, const std::string& provenance);
/// Refuses damaged files, newer versions, another block than `block` and shapes that do not belong together.
Result<LayerRecord> readLayerFile(const std::filesystem::path& path, std::int64_t block);
/// The same without histograms, tile maps, salience and channel errors: metrics and sizes, many times faster.
Result<LayerRecord> readLayerMetrics(const std::filesystem::path& path, std::int64_t block);
Result<std::string> readLayerProvenance(const std::filesystem::path& path, std::int64_t block);

}  // namespace quantoscope
