#include "widgets/pipeline_editor/pipeline_draft.h"

#include <algorithm>
#include <utility>

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

// Positions of switched-off chips after one was put in or taken out at `index`.
void shiftDisabled(PipelineDraft& draft, ChipKind kind, int index, int by) {
    for (ChipRef& chip : draft.disabled)
        if (chip.kind == kind && chip.index >= index) chip.index += by;
}

void forgetDisabled(PipelineDraft& draft, ChipRef chip) {
    std::erase(draft.disabled, chip);
    shiftDisabled(draft, chip.kind, chip.index, -1);
}

template <typename Value>
bool eraseAt(std::vector<Value>& values, int index) {
    if (index < 0 || index >= static_cast<int>(values.size())) return false;
    values.erase(values.begin() + index);
    return true;
}

bool erase(Recipe& recipe, ChipRef chip) {
    switch (chip.kind) {
        case ChipKind::calibration_data:
            return !std::exchange(recipe.calibration.data, {}).empty();
        case ChipKind::method:
            return eraseAt(recipe.methods, chip.index);
        case ChipKind::bits:
            return eraseAt(recipe.bits, chip.index);
        case ChipKind::group_size:
            return eraseAt(recipe.group_sizes, chip.index);
        case ChipKind::evaluation:
            return eraseAt(recipe.evaluations, chip.index);
        case ChipKind::export_format:
            return eraseAt(recipe.exports, chip.index);
        case ChipKind::calibration_size:
        case ChipKind::calibration_seed:
        case ChipKind::original_model:
            break;
    }
    return false;
}

template <typename Value>
bool repeatAt(std::vector<Value>& values, int index) {
    if (index < 0 || index >= static_cast<int>(values.size())) return false;
    values.insert(values.begin() + index + 1, Value(values[static_cast<std::size_t>(index)]));
    return true;
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
    shiftDisabled(draft, kind, static_cast<int>(place - numbers.begin()), 1);
    numbers.insert(place, number);
    const QString name = kind == ChipKind::bits ? QStringLiteral("Add %1 bits") : QStringLiteral("Add group size %1");
    return PipelineEdit{std::move(draft), name.arg(number)};
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
    recipe.evaluations = enabledOnly(recipe.evaluations, draft, ChipKind::evaluation);
    recipe.exports = enabledOnly(recipe.exports, draft, ChipKind::export_format);
    return recipe;
}

std::optional<PipelineEdit> removeChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip) {
    const QString name = chipText(draft, catalogue, chip);
    PipelineDraft next = draft;
    if (!erase(next.recipe, chip)) return std::nullopt;
    if (chip.kind != ChipKind::calibration_data) forgetDisabled(next, chip);
    return PipelineEdit{std::move(next), QStringLiteral("Remove ") + name};
}

std::optional<PipelineEdit> duplicateChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue,
                                          ChipRef chip) {
    PipelineDraft next = draft;
    bool done = false;
    if (chip.kind == ChipKind::method) done = repeatAt(next.recipe.methods, chip.index);
    if (chip.kind == ChipKind::evaluation) done = repeatAt(next.recipe.evaluations, chip.index);
    if (chip.kind == ChipKind::export_format) done = repeatAt(next.recipe.exports, chip.index);
    if (!done) return std::nullopt;  // the same number twice would be the same run twice
    shiftDisabled(next, chip.kind, chip.index + 1, 1);
    return PipelineEdit{std::move(next), QStringLiteral("Duplicate ") + chipText(draft, catalogue, chip)};
}

PipelineEdit toggleChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip) {
    PipelineDraft next = draft;
    const QString name = chipText(draft, catalogue, chip);
    if (chip.kind == ChipKind::original_model) {
        next.recipe.evaluate_original = !next.recipe.evaluate_original;
        return {std::move(next),
                (draft.recipe.evaluate_original ? QStringLiteral("Leave out ") : QStringLiteral("Include ")) + name};
    }
    const bool was_off = std::erase(next.disabled, chip) > 0;
    if (!was_off) next.disabled.push_back(chip);
    return {std::move(next), (was_off ? QStringLiteral("Switch on ") : QStringLiteral("Switch off ")) + name};
}

std::optional<PipelineEdit> addChip(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipKind kind,
                                    const std::string& value) {
    PipelineDraft next = draft;
    switch (kind) {
        case ChipKind::bits:
        case ChipKind::group_size:
            return addNumber(std::move(next), kind, value);
        case ChipKind::method:
            next.recipe.methods.push_back({value, {}});
            return PipelineEdit{
                next, QStringLiteral("Add ") +
                          chipText(next, catalogue, {kind, static_cast<int>(next.recipe.methods.size()) - 1})};
        case ChipKind::evaluation: {
            EvaluationRecipe evaluation;
            evaluation.benchmark = value;
            next.recipe.evaluations.push_back(evaluation);
            return PipelineEdit{std::move(next), QStringLiteral("Add ") + labelOf(catalogue.benchmarks, value)};
        }
        case ChipKind::export_format:
            next.recipe.exports.push_back({value, {}, {}});
            return PipelineEdit{std::move(next),
                                QStringLiteral("Add export ") + labelOf(catalogue.export_formats, value)};
        case ChipKind::calibration_data:
        case ChipKind::calibration_size:
        case ChipKind::calibration_seed:
        case ChipKind::original_model:
            break;
    }
    return std::nullopt;
}

SweepCount sweepCount(const PipelineDraft& draft) {
    const Recipe recipe = runnableRecipe(draft);
    return {static_cast<int>(recipe.methods.size()), static_cast<int>(recipe.bits.size()),
            static_cast<int>(recipe.group_sizes.size())};
}

QString sweepText(const SweepCount& count) {
    const auto part = [](int number, const char* one, const char* many) {
        return QString::number(number) + QLatin1Char(' ') + QLatin1String(number == 1 ? one : many);
    };
    return QStringLiteral("%1 × %2 × %3 = %4")
        .arg(part(count.methods, "method", "methods"), part(count.bits, "bit width", "bit widths"),
             part(count.group_sizes, "group size", "group sizes"), part(count.runs(), "run", "runs"));
}

}  // namespace quantoscope
