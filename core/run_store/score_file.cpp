#include "core/run_store/score_file.h"

#include <algorithm>
#include <cmath>

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

/// Names once, a line each, and the number of its name for every question; nothing for a benchmark without parts.
void addCategories(const std::vector<ChoiceResult>& items, Hdf5Group& group) {
    std::vector<std::string> names;
    std::vector<std::int64_t> numbers;
    for (const auto& item : items) {
        auto found = std::ranges::find(names, item.category);
        if (found == names.end()) found = names.insert(names.end(), item.category);
        numbers.push_back(found - names.begin());
    }
    if (names.size() < 2 && (names.empty() || names.front().empty())) return;
    std::string listed;
    for (const auto& name : names) listed += name + "\n";
    group.attributes["categories"] = listed;
    group.datasets["category"] = vectorDataset(Hdf5Type::int64, std::move(numbers));
}

Status takeCategories(Hdf5Group& group, std::vector<ChoiceResult>& items, const std::string& path) {
    if (!group.datasets.contains("category")) return {};  // without parts, or of an older version
    QS_ASSIGN(const auto listed, textAttribute(group.attributes, "categories", path));
    QS_ASSIGN(const auto numbers, takeValues<std::int64_t>(group, "category", std::ssize(items), path));
    std::vector<std::string> names;
    for (std::size_t first = 0, end = 0; (end = listed.find('\n', first)) != std::string::npos; first = end + 1)
        names.push_back(listed.substr(first, end - first));
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (numbers[i] < 0 || numbers[i] >= std::ssize(names))
            return std::unexpected(damaged(path, "the category of question " + std::to_string(i + 1) + " is wrong"));
        items[i].category = names[static_cast<std::size_t>(numbers[i])];
    }
    return {};
}

/// Questions one behind the other: how many choices each has, and then all choices.
Hdf5Group itemGroup(const std::vector<ChoiceResult>& items) {
    std::vector<std::int64_t> counts;
    std::vector<std::int64_t> gold;
    std::vector<std::int64_t> picks;
    std::vector<std::int64_t> lengths;
    std::vector<double> log_likelihoods;
    for (const auto& item : items) {
        counts.push_back(std::ssize(item.log_likelihoods));
        gold.push_back(item.gold);
        picks.push_back(pickOf(item));
        lengths.insert(lengths.end(), item.lengths.begin(), item.lengths.end());
        log_likelihoods.insert(log_likelihoods.end(), item.log_likelihoods.begin(), item.log_likelihoods.end());
    }
    Hdf5Group group;
    addCategories(items, group);
    group.datasets["choices"] = vectorDataset(Hdf5Type::int64, std::move(counts));
    group.datasets["gold"] = vectorDataset(Hdf5Type::int64, std::move(gold));
    group.datasets["pick"] = vectorDataset(Hdf5Type::int64, std::move(picks));
    group.datasets["length"] = vectorDataset(Hdf5Type::int64, std::move(lengths), "characters");
    group.datasets["log_likelihood"] = vectorDataset(Hdf5Type::float64, std::move(log_likelihoods), "nat");
    return group;
}

/// Picks are not read: they follow from the log-likelihoods.
Result<std::vector<ChoiceResult>> takeItems(Hdf5Group& group, const std::string& path) {
    QS_ASSIGN(const auto counts, takeValues<std::int64_t>(group, "choices", -1, path));
    QS_ASSIGN(const auto gold, takeValues<std::int64_t>(group, "gold", std::ssize(counts), path));
    QS_ASSIGN(const auto log_likelihoods, takeValues<double>(group, "log_likelihood", -1, path));
    QS_ASSIGN(const auto lengths, takeValues<std::int64_t>(group, "length", -1, path));
    if (!lengths.empty() && lengths.size() != log_likelihoods.size())
        return std::unexpected(damaged(path, "'length' has another length"));
    std::vector<ChoiceResult> items(counts.size());
    std::int64_t first = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (counts[i] < 1 || counts[i] > std::ssize(log_likelihoods) - first || gold[i] < 0 || gold[i] >= counts[i])
            return std::unexpected(damaged(path, "question " + std::to_string(i + 1) + " is wrong"));
        const auto end = first + counts[i];
        items[i].gold = gold[i];
        items[i].log_likelihoods.assign(log_likelihoods.begin() + first, log_likelihoods.begin() + end);
        if (!lengths.empty()) items[i].lengths.assign(lengths.begin() + first, lengths.begin() + end);
        first = end;
    }
    QS_TRY(takeCategories(group, items, path));
    return items;
}

Hdf5Group scoreGroup(const Score& score) {
    Hdf5Group group;
    group.attributes["benchmark"] = score.benchmark;
    group.attributes["metric"] = score.metric;
    group.datasets["value"] = numberDataset(score.value);
    group.datasets["window_nll"] = vectorDataset(Hdf5Type::float64, score.window_nll, "nat/token");
    if (!std::isnan(score.standard_error)) group.datasets["standard_error"] = numberDataset(score.standard_error);
    if (!score.items.empty()) group.groups["items"] = itemGroup(score.items);
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
    if (group.datasets.contains("standard_error")) {
        QS_ASSIGN(score.standard_error, takeNumber(group, "standard_error", path));
    }
    if (const auto items = group.groups.find("items"); items != group.groups.end()) {
        QS_ASSIGN(score.items, takeItems(items->second, path));
    }
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
