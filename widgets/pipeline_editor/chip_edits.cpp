// What can be done to a chip or a stage besides adding and removing: moving, copying, pasting, switching off a stage.
#include <algorithm>
#include <array>

#include "widgets/pipeline_editor/recipe_lists.h"

namespace quantoscope {
namespace {

constexpr qsizetype kLargestCopy = 1 << 20;  // the clipboard is anybody's

/// What a copied chip's first line says; its recipe follows.
constexpr std::array<std::pair<ChipKind, const char*>, 9> kCopyNames{{{ChipKind::method, "method"},
                                                                      {ChipKind::bits, "bits"},
                                                                      {ChipKind::group_size, "group_size"},
                                                                      {ChipKind::checkpoint, "checkpoint"},
                                                                      {ChipKind::evaluation, "evaluation"},
                                                                      {ChipKind::export_format, "export"},
                                                                      {ChipKind::calibration_data, "calibration"},
                                                                      {ChipKind::calibration_size, "calibration"},
                                                                      {ChipKind::calibration_seed, "calibration"}}};

int movedIndex(int index, int from, int to) {
    if (index == from) return to;
    if (from < to) return index > from && index <= to ? index - 1 : index;
    return index >= to && index < from ? index + 1 : index;
}

struct CopiedChip {
    ChipKind kind = ChipKind::method;
    Recipe recipe;  ///< with this chip alone
};

std::optional<CopiedChip> readCopied(const QByteArray& copied) {
    const qsizetype end = copied.indexOf('\n');
    if (end < 0 || copied.size() > kLargestCopy) return std::nullopt;
    const auto name = copied.left(end);
    const auto found =
        std::find_if(kCopyNames.begin(), kCopyNames.end(), [&](const auto& row) { return name == row.second; });
    auto recipe = parseRecipe(copied.mid(end + 1).toStdString());
    if (found == kCopyNames.end() || !recipe) return std::nullopt;
    return CopiedChip{found->first, std::move(*recipe)};
}

template <typename List>
bool copyInto(Recipe& recipe, ChipKind kind, const List& from, int index) {
    return visitList(recipe, kind, [&](auto& list) {
        if constexpr (std::is_same_v<std::decay_t<decltype(list)>, List>) {
            list = {from[static_cast<std::size_t>(index)]};
            return true;
        }
        return false;
    });
}

}  // namespace

bool canBeSwitchedOff(ChipKind kind) {
    return stageOf(kind) != Stage::calibrate;
}
bool canBeSwitchedOff(Stage stage) {
    return stage != Stage::quantize;
}
bool canBeRemoved(ChipKind kind) {
    return kind == ChipKind::calibration_data || canBeMoved(kind);
}
bool canBeRepeated(ChipKind kind) {
    return kind == ChipKind::method || kind == ChipKind::evaluation || kind == ChipKind::export_format;
}
bool canBeMoved(ChipKind kind) {
    return canBeSwitchedOff(kind) && kind != ChipKind::original_model;
}
bool canBeCopied(ChipKind kind) {
    return kind != ChipKind::original_model;
}

std::optional<PipelineEdit> toggleStage(const PipelineDraft& draft, Stage stage) {
    if (!canBeSwitchedOff(stage)) return std::nullopt;
    PipelineDraft next = draft;
    const bool was_off = std::erase(next.disabled_stages, stage) > 0;
    if (!was_off) next.disabled_stages.push_back(stage);
    return PipelineEdit{std::move(next),
                        (was_off ? QStringLiteral("Switch on ") : QStringLiteral("Switch off ")) + stageName(stage),
                        {}};
}

std::optional<PipelineEdit> moveChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip,
                                     int to) {
    PipelineDraft next = draft;
    const bool moved = to != chip.index && visitList(next.recipe, chip.kind, [&](auto& list) {
                           const int count = static_cast<int>(list.size());
                           if (chip.index < 0 || chip.index >= count || to < 0 || to >= count) return false;
                           const auto from = list.begin() + chip.index;
                           if (to > chip.index)
                               std::rotate(from, from + 1, list.begin() + to + 1);
                           else
                               std::rotate(list.begin() + to, from, from + 1);
                           return true;
                       });
    if (!moved) return std::nullopt;
    for (ChipRef& off : next.disabled)
        if (off.kind == chip.kind) off.index = movedIndex(off.index, chip.index, to);
    return PipelineEdit{std::move(next), QStringLiteral("Move ") + chipText(draft, catalogue, chip),
                        ChipRef{chip.kind, to}};
}

QByteArray copiedChip(const PipelineDraft& draft, ChipRef chip) {
    const auto name =
        std::find_if(kCopyNames.begin(), kCopyNames.end(), [&](const auto& row) { return row.first == chip.kind; });
    if (name == kCopyNames.end()) return {};
    Recipe alone;
    Recipe held = draft.recipe;
    if (stageOf(chip.kind) == Stage::calibrate) {
        alone.calibration = held.calibration;
    } else if (!visitList(held, chip.kind, [&](auto& list) {
                   return chip.index >= 0 && chip.index < static_cast<int>(list.size()) &&
                          copyInto(alone, chip.kind, list, chip.index);
               })) {
        return {};
    }
    return QByteArray(name->second) + '\n' + QByteArray::fromStdString(recipeJson(alone));
}

std::optional<PipelineEdit> pasteChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue,
                                      const QByteArray& copied, std::optional<ChipRef> after) {
    auto chip = readCopied(copied);
    if (!chip) return std::nullopt;
    PipelineDraft next = draft;
    if (stageOf(chip->kind) == Stage::calibrate) {
        next.recipe.calibration = chip->recipe.calibration;
        return PipelineEdit{std::move(next), QStringLiteral("Paste calibration"),
                            ChipRef{ChipKind::calibration_data, 0}};
    }
    const auto& recipe = chip->recipe;
    if (chip->kind == ChipKind::bits || chip->kind == ChipKind::group_size) {
        const auto& numbers = chip->kind == ChipKind::bits ? recipe.bits : recipe.group_sizes;
        return numbers.empty() ? std::nullopt : addChip(draft, catalogue, chip->kind, std::to_string(numbers.front()));
    }
    const auto& known = draft.recipe.checkpoints;
    if (chip->kind == ChipKind::checkpoint && !recipe.checkpoints.empty() &&
        std::ranges::find(known, recipe.checkpoints.front()) != known.end())
        return std::nullopt;  // twice the same says nothing new
    ChipRef place{chip->kind, 0};
    const bool pasted = visitList(next.recipe, chip->kind, [&](auto& list) {
        return visitList(chip->recipe, chip->kind, [&](auto& own) {
            if constexpr (std::is_same_v<decltype(list), decltype(own)>) {
                if (own.empty()) return false;
                place.index = after && after->kind == chip->kind ? after->index + 1 : static_cast<int>(list.size());
                insertAt(list, place.index, own.front());
                return true;
            }
            return false;
        });
    });
    if (!pasted) return std::nullopt;
    shiftDisabled(next, place.kind, place.index, 1);
    const QString label = QStringLiteral("Paste ") + chipText(next, catalogue, place);
    return PipelineEdit{std::move(next), label, place};
}

}  // namespace quantoscope
