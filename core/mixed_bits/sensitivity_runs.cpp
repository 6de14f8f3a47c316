#include "core/mixed_bits/sensitivity_runs.h"

#include <algorithm>

#include "core/mixed_bits/sensitivity.h"

namespace quantoscope {
namespace {

std::size_t widthCount(const std::vector<Member>& members, const ConfigurationInfo& like) {
    return static_cast<std::size_t>(std::ranges::count_if(members, [&](const Member& member) {
        return member.info.layer_bits.empty() && sameFamily(member.info, like);
    }));
}

std::unexpected<Error> notUsable(const std::string& wanted, const std::vector<std::string>& ids,
                                 const std::string& folder) {
    if (std::ranges::find(ids, wanted) != ids.end())
        return failure("'" + wanted + "' was run at one bit width only; run a sweep over several widths first", folder);
    const auto near = nearestWord(wanted, ids);
    return usageError("the run folder has no finished configuration '" + wanted + "'" +
                      (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

}  // namespace

std::int64_t bitsOf(const ConfigurationInfo& info) {
    const auto bits = info.options.find("bits");
    const auto* value = bits == info.options.end() ? nullptr : std::get_if<std::int64_t>(&bits->second);
    return value == nullptr ? 0 : *value;
}

OptionValues withoutBits(OptionValues options) {
    options.erase("bits");
    return options;
}

bool sameFamily(const ConfigurationInfo& a, const ConfigurationInfo& b) {
    return a.method == b.method && withoutBits(a.options) == withoutBits(b.options);
}

Result<Finished> finishedRuns(const RunFolder& run) {
    Finished finished;
    QS_ASSIGN(const auto ids, run.configurationIds());
    for (const auto& id : ids) {
        QS_ASSIGN(auto info, run.configuration(id));
        auto scores = run.scores(id);
        if (info.method.empty()) {
            if (scores) finished.original = std::move(*scores);
            continue;
        }
        if (!info.checkpoint.empty()) continue;
        const auto blocks = static_cast<std::int64_t>(run.finishedBlocks(id).size());
        if (info.block_count < 1 || blocks != info.block_count) continue;
        finished.members.push_back({std::move(info), scores ? std::move(*scores) : std::vector<Score>{}});
    }
    return finished;
}

Result<const ConfigurationInfo*> chooseFamily(const std::vector<Member>& members, const std::string& wanted,
                                              const std::string& folder) {
    std::vector<std::string> ids;
    std::vector<const ConfigurationInfo*> families;
    for (const auto& [info, scores] : members) {
        ids.push_back(info.id);
        if (info.id == wanted && widthCount(members, info) >= 2) return &info;
        if (widthCount(members, info) < 2) continue;
        if (std::ranges::none_of(families, [&](const auto* known) { return sameFamily(*known, info); }))
            families.push_back(&info);
    }
    if (!wanted.empty()) return notUsable(wanted, ids, folder);
    if (families.empty())
        return failure(
            "no method of the run folder was finished at two bit widths; run a sweep over several widths first",
            folder);
    if (families.size() == 1) return families.front();
    std::string list;
    for (const auto* info : families) list += (list.empty() ? "" : ", ") + info->id;
    return usageError("the run folder has several methods at several widths; say which with --configuration: " + list);
}

Result<std::string> runToMeasure(const RunFolder& run, const std::string& configuration) {
    constexpr std::int64_t kLeast = 3;  // with fewer bits single linears already leave the range where losses add up
    if (!configuration.empty()) return configuration;
    QS_ASSIGN(const auto finished, finishedRuns(run));
    QS_ASSIGN(const auto* family, chooseFamily(finished.members, {}, run.path().string()));
    const ConfigurationInfo* best = nullptr;
    for (const auto& [info, scores] : finished.members) {
        if (!sameFamily(info, *family) || !info.layer_bits.empty()) continue;
        const auto rank = [](const ConfigurationInfo& one) {
            return bitsOf(one) >= kLeast ? bitsOf(one) : 2 * kUnquantizedBits - bitsOf(one);
        };
        if (best == nullptr || rank(info) < rank(*best)) best = &info;
    }
    return best->id;
}

}  // namespace quantoscope
