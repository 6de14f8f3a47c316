#include "core/run_store/score_file.h"

#include "core/base/atomic_file.h"
#include "core/run_store/file_header.h"

namespace quantoscope {
namespace {

constexpr const char* kFormat = "quantoscope-scores";

/// Zero-padded, so that the file's alphabetical order is the order of the scores.
std::string groupName(std::size_t index) {
    const std::string number = std::to_string(index);
    return std::string(number.size() < 6 ? 6 - number.size() : 0, '0') + number;
}

Hdf5Group scoreGroup(const Score& score) {
    Hdf5Group group;
    group.attributes["benchmark"] = score.benchmark;
    group.attributes["metric"] = score.metric;
    group.datasets["value"] = numberDataset(score.value);
    group.datasets["window_nll"] = vectorDataset(Hdf5Type::float64, score.window_nll, "nat/token");
    Hdf5Group& protocol = group.groups["protocol"];
    for (const auto& [name, value] : score.protocol) protocol.attributes[name] = value;
    return group;
}

Result<Score> takeScore(Hdf5Group& group, const std::string& path) {
    Score score;
    QS_ASSIGN(score.benchmark, textAttribute(group.attributes, "benchmark", path));
    QS_ASSIGN(score.metric, textAttribute(group.attributes, "metric", path));
    QS_ASSIGN(score.value, takeNumber(group, "value", path));
    QS_ASSIGN(score.window_nll, takeValues<double>(group, "window_nll", -1, path));
    QS_ASSIGN(const Hdf5Group protocol, takeGroup(group, "protocol", path));
    for (const auto& [name, value] : protocol.attributes) {
        const auto* text = std::get_if<std::string>(&value);
        if (text == nullptr) return std::unexpected(damaged(path, "'" + name + "' is not text"));
        score.protocol[name] = *text;
    }
    return score;
}

}  // namespace

Status writeScoreFile(const std::filesystem::path& path, const std::vector<Score>& scores) {
    Hdf5Group root;
    root.attributes = {{"format", std::string(kFormat)}, {"format_version", kScoreFormatVersion}};
    for (std::size_t i = 0; i < scores.size(); ++i) root.groups[groupName(i)] = scoreGroup(scores[i]);
    QS_ASSIGN(const auto bytes, hdf5Bytes(root));
    return writeFileAtomically(path, bytes);
}

Result<std::vector<Score>> readScoreFile(const std::filesystem::path& path) {
    QS_ASSIGN(Hdf5Group root, readHdf5(path));
    QS_TRY(checkFormat(root.attributes, kFormat, kScoreFormatVersion, path.string()));
    std::vector<Score> scores;
    for (auto& [name, group] : root.groups) {
        QS_ASSIGN(Score score, takeScore(group, path.string()));
        scores.push_back(std::move(score));
    }
    return scores;
}

}  // namespace quantoscope
