// How the chips of a draft read, and why some of them cannot run.
#include <algorithm>
#include <tuple>

#include "widgets/pipeline_editor/pipeline_draft.h"

namespace quantoscope {
namespace {

const MethodDescription* methodOf(const PipelineCatalogue& catalogue, const std::string& id) {
    const auto found = std::find_if(catalogue.methods.begin(), catalogue.methods.end(),
                                    [&](const MethodDescription& method) { return method.id == id; });
    return found == catalogue.methods.end() ? nullptr : &*found;
}

const NamedChoice* choiceOf(const std::vector<NamedChoice>& choices, const std::string& id) {
    const auto found =
        std::find_if(choices.begin(), choices.end(), [&](const NamedChoice& choice) { return choice.id == id; });
    return found == choices.end() ? nullptr : &*found;
}

QString named(const std::vector<NamedChoice>& choices, const std::string& id) {
    const NamedChoice* choice = choiceOf(choices, id);
    return choice != nullptr ? choice->label : QString::fromStdString(id);
}

template <typename Value>
const Value* at(const std::vector<Value>& values, int index) {
    return index >= 0 && index < static_cast<int>(values.size()) ? &values[static_cast<std::size_t>(index)] : nullptr;
}

QString sentence(const std::string& message) {
    QString text = QString::fromStdString(message);
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

QString fileName(const std::string& path) {
    const QString text = QString::fromStdString(path);
    return text.mid(text.lastIndexOf(QLatin1Char('/')) + 1);
}

QString groupText(std::int64_t group_size) {
    return group_size < 0 ? QStringLiteral("whole row") : QString::number(group_size);
}

bool isEnabled(const PipelineDraft& draft, ChipRef chip) {
    if (chip.kind == ChipKind::original_model) return draft.recipe.evaluate_original;
    return std::find(draft.disabled.begin(), draft.disabled.end(), chip) == draft.disabled.end();
}

QString methodText(const PipelineCatalogue& catalogue, const MethodRecipe& chip) {
    const MethodDescription* method = methodOf(catalogue, chip.method);
    QString text = method != nullptr ? QString::fromStdString(method->label) : QString::fromStdString(chip.method);
    if (!chip.options.empty()) text += QStringLiteral(" ·%1").arg(chip.options.size());
    return text;
}

QString methodReason(const PipelineDraft& draft, const PipelineCatalogue& catalogue, int index) {
    const MethodRecipe& chip = draft.recipe.methods[static_cast<std::size_t>(index)];
    const MethodDescription* method = methodOf(catalogue, chip.method);
    if (method == nullptr)
        return QStringLiteral("This program has no method '%1'.").arg(QString::fromStdString(chip.method));
    const auto complete = completeOptions(method->options, chip.options);
    if (!complete) return sentence(complete.error().message);
    if (method->propagation != Propagation::none && !isStageEnabled(draft, Stage::calibrate))
        return QStringLiteral("%1 needs calibration data; switch the Calibrate stage on.")
            .arg(QString::fromStdString(method->label));
    if (method->propagation != Propagation::none && draft.recipe.calibration.data.empty())
        return QStringLiteral("%1 needs calibration data; choose a text file in the Calibrate stage.")
            .arg(QString::fromStdString(method->label));
    for (int i = 0; i < index; ++i) {
        const MethodRecipe& other = draft.recipe.methods[static_cast<std::size_t>(i)];
        if (other.method == chip.method && other.options == chip.options && isEnabled(draft, {ChipKind::method, i}))
            return QStringLiteral("The same method with the same options is here twice; change an option of one.");
    }
    return {};
}

// The first switched-on method whose own description refuses the number.
QString numberReason(const PipelineDraft& draft, const PipelineCatalogue& catalogue, const char* option,
                     std::int64_t number) {
    for (std::size_t i = 0; i < draft.recipe.methods.size(); ++i) {
        const MethodDescription* method = methodOf(catalogue, draft.recipe.methods[i].method);
        if (method == nullptr || !isEnabled(draft, {ChipKind::method, static_cast<int>(i)})) continue;
        const auto complete = completeOptions(method->options, {{option, OptionValue(number)}});
        if (!complete)
            return QString::fromStdString(method->label) + QStringLiteral(": ") +
                   QString::fromStdString(complete.error().message);
    }
    return {};
}

/// The first number that stands before it once more.
QString repeatedReason(const PipelineDraft& draft, ChipKind kind, const std::vector<std::int64_t>& numbers, int index) {
    for (int i = 0; i < index; ++i)
        if (numbers[static_cast<std::size_t>(i)] == numbers[static_cast<std::size_t>(index)] &&
            isEnabled(draft, {kind, i}))
            return QStringLiteral("This number is here twice; remove one.");
    return {};
}

/// A run that the format cannot hold would fail when it is written, after all the work: said beforehand.
QString exportReason(const PipelineDraft& draft, const PipelineCatalogue& catalogue, const std::string& format) {
    if (!catalogue.export_reason) return {};
    const Recipe recipe = runnableRecipe(draft);
    QString first;
    int refused = 0;
    int runs = 0;
    for (const MethodRecipe& chip : recipe.methods) {
        const MethodDescription* method = methodOf(catalogue, chip.method);
        if (method == nullptr) continue;
        for (const auto bits : recipe.bits)
            for (const auto group_size : recipe.group_sizes) {
                OptionValues given = chip.options;
                given["bits"] = bits;
                given["group_size"] = group_size;
                const auto complete = completeOptions(method->options, given);
                if (!complete) continue;
                ++runs;
                const QString reason = catalogue.export_reason(format, chip.method, *complete);
                if (reason.isEmpty()) continue;
                ++refused;
                if (first.isEmpty()) first = sentence(reason.toStdString());
            }
    }
    if (refused == 0) return {};
    return QStringLiteral("%1 of %2 runs cannot be written: %3").arg(refused).arg(runs).arg(first);
}

QString evaluationText(const PipelineCatalogue& catalogue, const EvaluationRecipe& evaluation) {
    const NamedChoice* choice = choiceOf(catalogue.benchmarks, evaluation.benchmark);
    const QString unit =
        choice != nullptr && !choice->limit_unit.isEmpty() ? choice->limit_unit : QStringLiteral("windows");
    return named(catalogue.benchmarks, evaluation.benchmark) +
           (evaluation.limit > 0 ? QStringLiteral(" · %1 %2").arg(QString::number(evaluation.limit), unit) : QString());
}

QString helpOf(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip) {
    const Recipe& recipe = draft.recipe;
    if (chip.kind == ChipKind::method) {
        const MethodDescription* method =
            methodOf(catalogue, recipe.methods[static_cast<std::size_t>(chip.index)].method);
        return method != nullptr ? QString::fromStdString(method->summary) : QString();
    }
    if (chip.kind == ChipKind::evaluation) {
        const EvaluationRecipe& evaluation = recipe.evaluations[static_cast<std::size_t>(chip.index)];
        return QString::fromStdString(evaluation.data);
    }
    if (chip.kind == ChipKind::checkpoint)
        return QStringLiteral("Compared with the model as it is: ") +
               QString::fromStdString(recipe.checkpoints[static_cast<std::size_t>(chip.index)]);
    if (chip.kind == ChipKind::export_format) {
        const NamedChoice* choice =
            choiceOf(catalogue.export_formats, recipe.exports[static_cast<std::size_t>(chip.index)].format);
        return choice != nullptr ? choice->help : QString();
    }
    if (chip.kind == ChipKind::original_model)
        return QStringLiteral("Score the unquantized model too, to compare with");
    return chip.kind == ChipKind::calibration_data ? QString::fromStdString(recipe.calibration.data) : QString();
}

QColor dotOf(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip) {
    if (chip.kind != ChipKind::method) return {};
    const MethodDescription* method =
        methodOf(catalogue, draft.recipe.methods[static_cast<std::size_t>(chip.index)].method);
    return method != nullptr ? QColor(QString::fromStdString(method->hue)) : QColor();
}

void addChips(std::vector<Chip>& chips, const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipKind kind,
              std::size_t count) {
    for (int i = 0; i < static_cast<int>(count); ++i) {
        const ChipRef ref{kind, i};
        const bool enabled = isEnabled(draft, ref) && isStageEnabled(draft, stageOf(kind));
        chips.push_back({ref, chipText(draft, catalogue, ref), helpOf(draft, catalogue, ref),
                         dotOf(draft, catalogue, ref), enabled,
                         enabled ? chipReason(draft, catalogue, ref) : QString()});
    }
}

}  // namespace

QString stageName(Stage stage) {
    switch (stage) {
        case Stage::calibrate:
            return QStringLiteral("Calibrate");
        case Stage::quantize:
            return QStringLiteral("Quantize");
        case Stage::evaluate:
            return QStringLiteral("Evaluate");
        case Stage::export_:
            break;
    }
    return QStringLiteral("Export");
}

Stage stageOf(ChipKind kind) {
    switch (kind) {
        case ChipKind::calibration_data:
        case ChipKind::calibration_size:
        case ChipKind::calibration_seed:
            return Stage::calibrate;
        case ChipKind::method:
        case ChipKind::bits:
        case ChipKind::group_size:
        case ChipKind::checkpoint:
            return Stage::quantize;
        case ChipKind::original_model:
        case ChipKind::evaluation:
            return Stage::evaluate;
        case ChipKind::export_format:
            break;
    }
    return Stage::export_;
}

QString chipText(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip) {
    const Recipe& recipe = draft.recipe;
    const CalibrationRecipe& calibration = recipe.calibration;
    switch (chip.kind) {
        case ChipKind::calibration_data:
            return calibration.data.empty() ? QStringLiteral("no data…") : fileName(calibration.data);
        case ChipKind::calibration_size:
            return QStringLiteral("%1 × %2 tokens").arg(calibration.samples).arg(calibration.sequence_length);
        case ChipKind::calibration_seed:
            return calibration.sampling == Sampling::sequential ? QStringLiteral("in order")
                                                                : QStringLiteral("seed %1").arg(calibration.seed);
        case ChipKind::original_model:
            return QStringLiteral("full precision");
        case ChipKind::method:
            if (const auto* method = at(recipe.methods, chip.index)) return methodText(catalogue, *method);
            break;
        case ChipKind::bits:
            if (const auto* bits = at(recipe.bits, chip.index)) return QStringLiteral("%1").arg(*bits);
            break;
        case ChipKind::group_size:
            if (const auto* group_size = at(recipe.group_sizes, chip.index)) return groupText(*group_size);
            break;
        case ChipKind::checkpoint:
            if (const auto* checkpoint = at(recipe.checkpoints, chip.index)) return fileName(*checkpoint);
            break;
        case ChipKind::evaluation:
            if (const auto* evaluation = at(recipe.evaluations, chip.index))
                return evaluationText(catalogue, *evaluation);
            break;
        case ChipKind::export_format:
            if (const auto* target = at(recipe.exports, chip.index))
                return named(catalogue.export_formats, target->format);
            break;
    }
    return {};
}

QString chipReason(const PipelineDraft& draft, const PipelineCatalogue& catalogue, ChipRef chip) {
    const Recipe& recipe = draft.recipe;
    if (chip.kind == ChipKind::method && at(recipe.methods, chip.index) != nullptr)
        return methodReason(draft, catalogue, chip.index);
    for (const auto& [kind, option, numbers] : {std::tuple{ChipKind::bits, "bits", &recipe.bits},
                                                std::tuple{ChipKind::group_size, "group_size", &recipe.group_sizes}})
        if (chip.kind == kind && at(*numbers, chip.index) != nullptr) {
            const QString repeated = repeatedReason(draft, kind, *numbers, chip.index);
            return repeated.isEmpty() ? numberReason(draft, catalogue, option, *at(*numbers, chip.index)) : repeated;
        }
    if (chip.kind == ChipKind::export_format && at(recipe.exports, chip.index) != nullptr)
        return exportReason(draft, catalogue, at(recipe.exports, chip.index)->format);
    if (chip.kind == ChipKind::evaluation && at(recipe.evaluations, chip.index) != nullptr &&
        at(recipe.evaluations, chip.index)->data.empty())
        return QStringLiteral("Choose the file that this benchmark reads.");
    return {};
}

std::vector<Chip> chipsOf(const PipelineDraft& draft, const PipelineCatalogue& catalogue, Stage stage) {
    std::vector<Chip> chips;
    const Recipe& recipe = draft.recipe;
    switch (stage) {
        case Stage::calibrate:
            addChips(chips, draft, catalogue, ChipKind::calibration_data, 1);
            if (recipe.calibration.data.empty()) break;
            addChips(chips, draft, catalogue, ChipKind::calibration_size, 1);
            addChips(chips, draft, catalogue, ChipKind::calibration_seed, 1);
            break;
        case Stage::quantize:
            addChips(chips, draft, catalogue, ChipKind::method, recipe.methods.size());
            addChips(chips, draft, catalogue, ChipKind::bits, recipe.bits.size());
            addChips(chips, draft, catalogue, ChipKind::group_size, recipe.group_sizes.size());
            addChips(chips, draft, catalogue, ChipKind::checkpoint, recipe.checkpoints.size());
            break;
        case Stage::evaluate:
            addChips(chips, draft, catalogue, ChipKind::original_model, 1);
            addChips(chips, draft, catalogue, ChipKind::evaluation, recipe.evaluations.size());
            break;
        case Stage::export_:
            addChips(chips, draft, catalogue, ChipKind::export_format, recipe.exports.size());
            break;
    }
    return chips;
}

}  // namespace quantoscope
