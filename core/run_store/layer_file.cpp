#include "core/run_store/layer_file.h"

#include <algorithm>
#include <span>

#include "core/base/atomic_file.h"
#include "core/base/json.h"
#include "core/run_store/file_header.h"

namespace quantoscope {
namespace {

constexpr const char* kFormat = "quantoscope-layer";
constexpr std::int64_t kLargestSide = std::int64_t{1} << 24;
constexpr std::int64_t kMostLevels = 32;

std::string metricUnit(const std::string& id) {
    for (const auto& metric : linearMetrics())
        if (metric.id == id) return metric.unit;
    return {};
}

Hdf5Group histogramGroup(const WeightHistogram& histogram) {
    Hdf5Group group;
    group.datasets["minimum"] = numberDataset(histogram.minimum, "weight");
    group.datasets["maximum"] = numberDataset(histogram.maximum, "weight");
    group.datasets["original_counts"] = vectorDataset(Hdf5Type::uint64, histogram.original_counts, "weights");
    group.datasets["quantized_counts"] = vectorDataset(Hdf5Type::uint64, histogram.quantized_counts, "weights");
    group.datasets["grid_levels"] = vectorDataset(Hdf5Type::float32, histogram.grid_levels, "weight");
    group.attributes["grid_row"] = histogram.grid_row;
    group.attributes["grid_group"] = histogram.grid_group;
    return group;
}

Hdf5Dataset tileDataset(const TileLevel& level, const std::vector<float>& values) {
    return {Hdf5Type::float16,
            {static_cast<std::uint64_t>(level.rows), static_cast<std::uint64_t>(level.columns)},
            values,
            "weight"};
}

Hdf5Group pyramidGroup(const TilePyramid& pyramid) {
    Hdf5Group group;
    group.attributes["levels"] = static_cast<std::int64_t>(pyramid.levels.size());
    for (std::size_t i = 0; i < pyramid.levels.size(); ++i) {
        const TileLevel& level = pyramid.levels[i];
        Hdf5Group& target = group.groups[std::to_string(i)];
        target.attributes["tile_rows"] = level.tile_rows;
        target.attributes["tile_columns"] = level.tile_columns;
        target.attributes["rows"] = level.rows;
        target.attributes["columns"] = level.columns;
        target.datasets["mean_absolute"] = tileDataset(level, level.mean_absolute);
        target.datasets["max_absolute"] = tileDataset(level, level.max_absolute);
        target.datasets["signed_mean"] = tileDataset(level, level.signed_mean);
    }
    return group;
}

Hdf5Group salienceGroup(const SalienceSummary& summary) {
    Hdf5Group group;
    group.datasets["minimum"] = numberDataset(summary.minimum, "log10 score");
    group.datasets["maximum"] = numberDataset(summary.maximum, "log10 score");
    group.datasets["log_score_counts"] = vectorDataset(Hdf5Type::uint64, summary.log_score_counts, "weights");
    group.datasets["channel_share"] = vectorDataset(Hdf5Type::float32, summary.channel_share);
    return group;
}

std::vector<std::int64_t> widened(const std::vector<std::int32_t>& values) {
    return {values.begin(), values.end()};
}

Hdf5Group groupsGroup(const GroupErrors& groups) {
    Hdf5Group group;
    group.attributes["group_size"] = groups.group_size;
    group.datasets["group_index"] = vectorDataset(Hdf5Type::int64, widened(groups.group_index));
    group.datasets["mean_squared_error"] = vectorDataset(Hdf5Type::float32, groups.mean_squared_error, "weight^2");
    group.datasets["clipped_share"] = vectorDataset(Hdf5Type::float32, groups.clipped_share);
    return group;
}

Hdf5Group linearGroup(const LinearRecord& linear) {
    Hdf5Group group;
    group.attributes["linear"] = std::string(linearName(linear.role));
    group.attributes["rows"] = linear.rows;
    group.attributes["columns"] = linear.columns;
    Hdf5Group& metrics = group.groups["metrics"];
    for (const auto& [id, value] : linear.metrics) metrics.datasets[id] = numberDataset(value, metricUnit(id));
    group.groups["histogram"] = histogramGroup(linear.histogram);
    group.groups["weight_tiles"] = pyramidGroup(linear.weight_tiles);
    group.groups["error_tiles"] = pyramidGroup(linear.error_tiles);
    Hdf5Group& salience = group.groups["salience"];
    for (const auto& [id, summary] : linear.salience) salience.groups[id] = salienceGroup(summary);
    if (linear.groups.group_size > 0) group.groups["groups"] = groupsGroup(linear.groups);
    group.datasets["channel_error"] = vectorDataset(Hdf5Type::float32, linear.channel_error, "weight^2");
    return group;
}

Result<WeightHistogram> takeHistogram(Hdf5Group& linear, const std::string& path) {
    QS_ASSIGN(Hdf5Group group, takeGroup(linear, "histogram", path));
    WeightHistogram histogram;
    QS_ASSIGN(histogram.minimum, takeNumber(group, "minimum", path));
    QS_ASSIGN(histogram.maximum, takeNumber(group, "maximum", path));
    QS_ASSIGN(histogram.original_counts, takeValues<std::uint64_t>(group, "original_counts", -1, path));
    const auto bins = static_cast<std::int64_t>(histogram.original_counts.size());
    QS_ASSIGN(histogram.quantized_counts, takeValues<std::uint64_t>(group, "quantized_counts", bins, path));
    QS_ASSIGN(histogram.grid_levels, takeValues<float>(group, "grid_levels", -1, path));
    QS_ASSIGN(histogram.grid_row, wholeAttribute(group.attributes, "grid_row", path));
    QS_ASSIGN(histogram.grid_group, wholeAttribute(group.attributes, "grid_group", path));
    return histogram;
}

Result<TileLevel> takeLevel(Hdf5Group& pyramid, const std::string& name, const LinearRecord& linear,
                            const std::string& path) {
    QS_ASSIGN(Hdf5Group group, takeGroup(pyramid, name, path));
    TileLevel level;
    QS_ASSIGN(level.tile_rows, wholeAttribute(group.attributes, "tile_rows", path));
    QS_ASSIGN(level.tile_columns, wholeAttribute(group.attributes, "tile_columns", path));
    QS_ASSIGN(level.rows, wholeAttribute(group.attributes, "rows", path));
    QS_ASSIGN(level.columns, wholeAttribute(group.attributes, "columns", path));
    const bool sizes_fit = level.tile_rows > 0 && level.tile_columns > 0 && level.tile_rows <= 2 * kLargestSide &&
                           level.tile_columns <= 2 * kLargestSide &&
                           level.rows == (linear.rows + level.tile_rows - 1) / level.tile_rows &&
                           level.columns == (linear.columns + level.tile_columns - 1) / level.tile_columns;
    if (!sizes_fit) return std::unexpected(damaged(path, "a tile map does not cover its matrix"));
    const std::int64_t count = level.rows * level.columns;
    QS_ASSIGN(level.mean_absolute, takeValues<float>(group, "mean_absolute", count, path));
    QS_ASSIGN(level.max_absolute, takeValues<float>(group, "max_absolute", count, path));
    QS_ASSIGN(level.signed_mean, takeValues<float>(group, "signed_mean", count, path));
    return level;
}

Result<TilePyramid> takePyramid(Hdf5Group& from, const std::string& name, const LinearRecord& linear,
                                const std::string& path) {
    QS_ASSIGN(Hdf5Group group, takeGroup(from, name, path));
    QS_ASSIGN(const std::int64_t levels, wholeAttribute(group.attributes, "levels", path));
    if (levels < 0 || levels > kMostLevels)
        return std::unexpected(damaged(path, "a tile map has an absurd number of levels"));
    TilePyramid pyramid;
    for (std::int64_t i = 0; i < levels; ++i) {
        QS_ASSIGN(TileLevel level, takeLevel(group, std::to_string(i), linear, path));
        pyramid.levels.push_back(std::move(level));
    }
    return pyramid;
}

Status takeSalience(Hdf5Group& group, LinearRecord& linear, const std::string& path) {
    QS_ASSIGN(Hdf5Group all, takeGroup(group, "salience", path));
    for (auto& [id, stored] : all.groups) {
        SalienceSummary summary;
        QS_ASSIGN(summary.minimum, takeNumber(stored, "minimum", path));
        QS_ASSIGN(summary.maximum, takeNumber(stored, "maximum", path));
        QS_ASSIGN(summary.log_score_counts, takeValues<std::uint64_t>(stored, "log_score_counts", -1, path));
        QS_ASSIGN(summary.channel_share, takeValues<float>(stored, "channel_share", linear.columns, path));
        linear.salience[id] = std::move(summary);
    }
    return {};
}

/// Files of older versions have none.
Status takeGroups(Hdf5Group& linear_group, LinearRecord& linear, const std::string& path) {
    if (!linear_group.groups.contains("groups")) return {};
    QS_ASSIGN(Hdf5Group group, takeGroup(linear_group, "groups", path));
    GroupErrors& groups = linear.groups;
    QS_ASSIGN(groups.group_size, wholeAttribute(group.attributes, "group_size", path));
    if (groups.group_size < 1 || groups.group_size > std::max<std::int64_t>(linear.columns, 1))
        return std::unexpected(damaged(path, "its groups have an absurd size"));
    const std::int64_t count = (linear.columns + groups.group_size - 1) / groups.group_size;
    QS_ASSIGN(const auto index, takeValues<std::int64_t>(group, "group_index", -1, path));
    const bool inside = std::ranges::all_of(index, [&](std::int64_t each) { return each >= 0 && each < count; });
    if (!inside || (!index.empty() && static_cast<std::int64_t>(index.size()) != linear.columns))
        return std::unexpected(damaged(path, "its columns are in groups that are not there"));
    for (const auto each : index) groups.group_index.push_back(static_cast<std::int32_t>(each));
    QS_ASSIGN(groups.mean_squared_error, takeValues<float>(group, "mean_squared_error", count, path));
    QS_ASSIGN(groups.clipped_share, takeValues<float>(group, "clipped_share", count, path));
    return {};
}

Result<LinearRecord> takeLinear(Hdf5Group& group, LinearRole role, const std::string& path) {
    LinearRecord linear;
    linear.role = role;
    QS_ASSIGN(linear.rows, wholeAttribute(group.attributes, "rows", path));
    QS_ASSIGN(linear.columns, wholeAttribute(group.attributes, "columns", path));
    if (linear.rows < 0 || linear.columns < 0 || linear.rows > kLargestSide || linear.columns > kLargestSide)
        return std::unexpected(damaged(path, "a linear has an absurd size"));
    QS_ASSIGN(Hdf5Group metrics, takeGroup(group, "metrics", path));
    std::vector<std::string> metric_ids;
    metric_ids.reserve(metrics.datasets.size());
    for (const auto& [id, dataset] : metrics.datasets) metric_ids.push_back(id);
    for (const auto& id : metric_ids) {
        QS_ASSIGN(linear.metrics[id], takeNumber(metrics, id, path));
    }
    return linear;
}

Result<LinearRecord> takeWholeLinear(Hdf5Group& group, LinearRole role, const std::string& path) {
    QS_ASSIGN(LinearRecord linear, takeLinear(group, role, path));
    QS_ASSIGN(linear.histogram, takeHistogram(group, path));
    QS_ASSIGN(linear.weight_tiles, takePyramid(group, "weight_tiles", linear, path));
    QS_ASSIGN(linear.error_tiles, takePyramid(group, "error_tiles", linear, path));
    QS_TRY(takeSalience(group, linear, path));
    QS_TRY(takeGroups(group, linear, path));
    QS_ASSIGN(linear.channel_error, takeValues<float>(group, "channel_error", -1, path));
    if (!linear.channel_error.empty() && static_cast<std::int64_t>(linear.channel_error.size()) != linear.columns)
        return std::unexpected(damaged(path, "'channel_error' has another length"));
    return linear;
}

Status checkBlock(const Hdf5Attributes& attributes, std::int64_t block, const std::string& path) {
    QS_TRY(checkFormat(attributes, kFormat, kLayerFormatVersion, path));
    QS_ASSIGN(const std::int64_t found, wholeAttribute(attributes, "block", path));
    if (found != block) return std::unexpected(damaged(path, "it holds block " + std::to_string(found)));
    return {};
}

Result<std::vector<std::string>> takeNotes(Hdf5Group& root, const std::string& path) {
    QS_ASSIGN(const std::string text, takeText(root, "notes", path));
    QS_ASSIGN(const nlohmann::json notes, parseJson(text, "the notes in '" + path + "'"));
    std::vector<std::string> lines;
    for (const auto& note : notes)
        if (note.is_string()) lines.push_back(note.get<std::string>());
    return lines;
}

}  // namespace

Status writeLayerFile(const std::filesystem::path& path, const LayerRecord& record, const std::string& provenance) {
    Hdf5Group root;
    root.attributes = {{"format", std::string(kFormat)},
                       {"format_version", kLayerFormatVersion},
                       {"block", record.block},
                       {"provenance", provenance}};
    for (const auto& linear : record.linears)
        root.groups[std::string(linearShortName(linear.role))] = linearGroup(linear);
    root.datasets["notes"] = textDataset(jsonText(nlohmann::json(record.notes)));
    QS_ASSIGN(const auto bytes, hdf5Bytes(root));
    return writeFileAtomically(path, bytes);
}

namespace {

Result<LayerRecord> takeRecord(Hdf5Group& root, const std::filesystem::path& path, std::int64_t block,
                               Result<LinearRecord> (*take)(Hdf5Group&, LinearRole, const std::string&)) {
    QS_TRY(checkBlock(root.attributes, block, path.string()));
    LayerRecord record;
    record.block = block;
    for (const auto role : kLinearRoles) {
        const auto found = root.groups.find(std::string(linearShortName(role)));
        if (found == root.groups.end()) continue;
        QS_ASSIGN(LinearRecord linear, take(found->second, role, path.string()));
        record.linears.push_back(std::move(linear));
    }
    QS_ASSIGN(record.notes, takeNotes(root, path.string()));
    return record;
}

}  // namespace

Result<LayerRecord> readLayerFile(const std::filesystem::path& path, std::int64_t block) {
    QS_ASSIGN(Hdf5Group root, readHdf5(path));
    return takeRecord(root, path, block, takeWholeLinear);
}

Result<LayerRecord> readLayerMetrics(const std::filesystem::path& path, std::int64_t block) {
    QS_ASSIGN(Hdf5Group root, readHdf5(path, {"histogram", "weight_tiles", "error_tiles", "salience", "groups"}));
    return takeRecord(root, path, block, takeLinear);
}

Result<std::string> readLayerProvenance(const std::filesystem::path& path, std::int64_t block) {
    QS_ASSIGN(const Hdf5Attributes attributes, readHdf5Attributes(path));
    QS_TRY(checkBlock(attributes, block, path.string()));
    return textAttribute(attributes, "provenance", path.string());
}

}  // namespace quantoscope
