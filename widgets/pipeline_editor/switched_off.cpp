#include "widgets/pipeline_editor/switched_off.h"

#include <algorithm>
#include <array>

#include "widgets/pipeline_editor/recipe_lists.h"

namespace quantoscope {
namespace {

constexpr std::array<std::pair<ChipKind, const char*>, 6> kChipNames{{{ChipKind::method, "method"},
                                                                      {ChipKind::bits, "bits"},
                                                                      {ChipKind::group_size, "group_size"},
                                                                      {ChipKind::checkpoint, "checkpoint"},
                                                                      {ChipKind::evaluation, "evaluation"},
                                                                      {ChipKind::export_format, "export"}}};
constexpr std::array<std::pair<Stage, const char*>, 3> kStageNames{
    {{Stage::calibrate, "calibrate"}, {Stage::evaluate, "evaluate"}, {Stage::export_, "export"}}};
const QString kStage = QStringLiteral("stage");

template <typename Names, typename Name>
auto nameOf(const Names& names, Name wanted) {
    return std::ranges::find(names, wanted, [](const auto& row) { return row.first; });
}

bool isThere(Recipe& recipe, ChipRef chip) {
    return visitList(recipe, chip.kind,
                     [&](const auto& list) { return chip.index >= 0 && chip.index < static_cast<int>(list.size()); });
}

void switchOffChip(PipelineDraft& draft, const QString& name, const QString& index) {
    const auto found =
        std::ranges::find_if(kChipNames, [&](const auto& row) { return name == QLatin1String(row.second); });
    bool ok = false;
    const int place = index.toInt(&ok);
    if (!ok || found == kChipNames.end()) return;
    const ChipRef chip{found->first, place};
    if (isThere(draft.recipe, chip) && std::ranges::find(draft.disabled, chip) == draft.disabled.end())
        draft.disabled.push_back(chip);
}

void switchOffStage(PipelineDraft& draft, const QString& name) {
    const auto found =
        std::ranges::find_if(kStageNames, [&](const auto& row) { return name == QLatin1String(row.second); });
    if (found != kStageNames.end() && isStageEnabled(draft, found->first))
        draft.disabled_stages.push_back(found->first);
}

}  // namespace

QStringList switchedOff(const PipelineDraft& draft) {
    QStringList entries;
    for (const ChipRef& chip : draft.disabled)
        if (const auto name = nameOf(kChipNames, chip.kind); name != kChipNames.end())
            entries << QStringLiteral("%1 %2").arg(QLatin1String(name->second)).arg(chip.index);
    for (const Stage stage : draft.disabled_stages)
        if (const auto name = nameOf(kStageNames, stage); name != kStageNames.end())
            entries << kStage + QLatin1Char(' ') + QLatin1String(name->second);
    return entries;
}

void switchOff(PipelineDraft& draft, const QStringList& entries) {
    for (const QString& entry : entries) {
        const QStringList words = entry.split(QLatin1Char(' '));
        if (words.size() != 2) continue;
        if (words.first() == kStage)
            switchOffStage(draft, words.last());
        else
            switchOffChip(draft, words.first(), words.last());
    }
}

}  // namespace quantoscope
