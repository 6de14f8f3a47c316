#include "widgets/pipeline_editor/pipeline_draft.h"

#include <algorithm>
#include <utility>

#include "widgets/pipeline_editor/recipe_lists.h"

namespace quantoscope {
namespace {

template <typename Value>
std::vector<Value> enabledOnly(const std::vector<Value>& values, const PipelineDraft& draft, ChipKind kind) {
    std::vector<Value> kept;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const ChipRef chip{kind, static_cast<int>(i)};
        if (std::find(draft.disabled.begin(), draft.disabled.end(), chip) == draft.disabled.end())
            kept.push_back(values[i]);
    }
    return kept;
}

void forgetDisabled(PipelineDraft& draft, ChipRef chip) {
    std::erase(draft.disabled, chip);
    shiftDisabled(draft, chip.kind, chip.index, -1);
}

bool erase(Recipe& recipe, ChipRef chip) {
    if (chip.kind == ChipKind::calibration_data) return !std::exchange(recipe.calibration.data, {}).empty();
    return visitList(recipe, chip.kind, [&](auto& list) {
        if (chip.index < 0 || chip.index >= static_cast<int>(list.size())) return false;
        list.erase(list.begin() + chip.index);
        return true;
    });
}

// Bits stay sorted from wide to narrow; group sizes stay in the order they were added.
std::optional<PipelineEdit> addNumber(PipelineDraft draft, ChipKind kind, const std::string& value) {
    auto& numbers = kind == ChipKind::bits ? draft.recipe.bits : draft.recipe.group_sizes;
    bool ok = false;
    const std::int64_t number = QString::fromStdString(value).toLongLong(&ok);
    if (!ok || std::find(numbers.begin(), numbers.end(), number) != numbers.end()) return std::nullopt;
    const auto place = kind == ChipKind::bits
                           ? std::find_if(numbers.begin(), numbers.end(), [&](auto n) { return n < number; })
                           : numbers.end();
    const ChipRef chip{kind, static_cast<int>(place - numbers.begin())};
    shiftDisabled(draft, kind, chip.index, 1);
    numbers.insert(place, number);
    const QString name = kind == ChipKind::bits ? QStringLiteral("Add %1 bits") : QStringLiteral("Add group size %1");
    return PipelineEdit{std::move(draft), name.arg(number), chip};
}

void leaveOut(Recipe& recipe, Stage stage) {
    if (stage == Stage::calibrate) recipe.calibration.data.clear();
    if (stage == Stage::export_) recipe.exports.clear();
    if (stage != Stage::evaluate) return;
    recipe.evaluations.clear();
    recipe.evaluate_original = false;
}

QString labelOf(const std::vector<NamedChoice>& choices, const std::string& id) {
    const auto found =
        std::find_if(choices.begin(), choices.end(), [&](const NamedChoice& choice) { return choice.id == id; });
    return found == choices.end() ? QString::fromStdString(id) : found->label;
}

}  // namespace

Recipe runnableRecipe(const PipelineDraft& draft) {
    Recipe recipe = draft.recipe;
    recipe.methods = enabledOnly(recipe.methods, draft, ChipKind::method);
    recipe.bits = enabledOnly(recipe.bits, draft, ChipKind::bits);
    recipe.group_sizes = enabledOnly(recipe.group_sizes, draft, ChipKind::group_size);
    recipe.checkpoints = enabledOnly(recipe.checkpoints, draft, ChipKind::checkpoint);
    recipe.evaluations = enabledOnly(recipe.evaluations, draft, ChipKind::evaluation);
    recipe.exports = enabledOnly(recipe.exports, draft, ChipKind::export_format);
    for (const Stage stage : draft.disabled_stages) leaveOut(recipe, stage);
    return recipe;
}

bool isStageEnabled(const PipelineDraft& draft, Stage stage) {
    return std::find(draft.disabled_stages.begin(), draft.disabled_stages.end(), stage) == draft.disabled_stages.end();
}

std::optional<PipelineEdit> removeChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip) {
    const QString name = chipText(draft, catalogue, chip);
    PipelineDraft next = draft;
    if (!erase(next.recipe, chip)) return std::nullopt;
    if (chip.kind != ChipKind::calibration_data) forgetDisabled(next, chip);
    return PipelineEdit{std::move(next), QStringLiteral("Remove ") + name, {}};
}

std::optional<PipelineEdit> duplicateChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue,
                                          ChipRef chip) {
    PipelineDraft next = draft;
    const bool done = canBeRepeated(chip.kind) && visitList(next.recipe, chip.kind, [&](auto& list) {
                          if (chip.index < 0 || chip.index >= static_cast<int>(list.size())) return false;
                          const auto value = list[static_cast<std::size_t>(chip.index)];
                          insertAt(list, chip.index + 1, value);
                          return true;
                      });
    if (!done) return std::nullopt;  // the same number twice would be the same run twice
    shiftDisabled(next, chip.kind, chip.index + 1, 1);
    return PipelineEdit{std::move(next), QStringLiteral("Duplicate ") + chipText(draft, catalogue, chip),
                        ChipRef{chip.kind, chip.index + 1}};
}

PipelineEdit toggleChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip) {
    PipelineDraft next = draft;
    const QString name = chipText(draft, catalogue, chip);
    if (chip.kind == ChipKind::original_model) {
        next.recipe.evaluate_original = !next.recipe.evaluate_original;
        return {std::move(next),
                (draft.recipe.evaluate_original ? QStringLiteral("Leave out ") : QStringLiteral("Include ")) + name,
                {}};
    }
    const bool was_off = std::erase(next.disabled, chip) > 0;
    if (!was_off) next.disabled.push_back(chip);
    return {std::move(next), (was_off ? QStringLiteral("Switch on ") : QStringLiteral("Switch off ")) + name, {}};
}

std::optional<PipelineEdit> addChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipKind kind,
                                    const std::string& value) {
    PipelineDraft next = draft;
    if (kind == ChipKind::bits || kind == ChipKind::group_size) return addNumber(std::move(next), kind, value);
    int count = 0;
    QString label;
    if (kind == ChipKind::method) {
        next.recipe.methods.push_back({value, {}});
        count = static_cast<int>(next.recipe.methods.size());
        label = QStringLiteral("Add ") + chipText(next, catalogue, {kind, count - 1});
    } else if (kind == ChipKind::evaluation) {
        EvaluationRecipe evaluation;
        evaluation.benchmark = value;
        next.recipe.evaluations.push_back(evaluation);
        count = static_cast<int>(next.recipe.evaluations.size());
        label = QStringLiteral("Add ") + labelOf(catalogue.benchmarks, value);
    } else if (kind == ChipKind::export_format) {
        next.recipe.exports.push_back({value, {}, {}});
        count = static_cast<int>(next.recipe.exports.size());
        label = QStringLiteral("Add export ") + labelOf(catalogue.export_formats, value);
    } else {
        return std::nullopt;
    }
    return PipelineEdit{std::move(next), label, ChipRef{kind, count - 1}};
}

SweepCount sweepCount(const PipelineDraft& draft) {
    const Recipe recipe = runnableRecipe(draft);
    return {static_cast<int>(recipe.methods.size()), static_cast<int>(recipe.bits.size()),
            static_cast<int>(recipe.group_sizes.size()), static_cast<int>(recipe.checkpoints.size())};
}

QString sweepText(const SweepCount& count) {
    const auto part = [](int number, const char* one, const char* many) {
        return QString::number(number) + QLatin1Char(' ') + QLatin1String(number == 1 ? one : many);
    };
    const QString runs = part(count.runs(), "run", "runs");
    const QString checkpoints = part(count.checkpoints, "checkpoint", "checkpoints");
    if (count.methods == 0 && count.checkpoints > 0) return QStringLiteral("%1 = %2").arg(checkpoints, runs);
    const QString sweep =
        QStringLiteral("%1 × %2 × %3")
            .arg(part(count.methods, "method", "methods"), part(count.bits, "bit width", "bit widths"),
                 part(count.group_sizes, "group size", "group sizes"));
    if (count.checkpoints == 0) return QStringLiteral("%1 = %2").arg(sweep, runs);
    return QStringLiteral("%1 + %2 = %3").arg(sweep, checkpoints, runs);
}

}  // namespace quantoscope
