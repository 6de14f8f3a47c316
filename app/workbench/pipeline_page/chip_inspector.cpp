#include "app/workbench/pipeline_page/chip_inspector.h"

#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>
#include <algorithm>

#include "app/workbench/parts/benchmark_data.h"
#include "app/workbench/pipeline_page/recipe_options.h"
#include "core/formats/exporter.h"
#include "widgets/option_form/option_form.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

template <typename List>
bool has(const List& list, int index) {
    return index >= 0 && static_cast<std::size_t>(index) < list.size();
}

QLabel* addLabel(QVBoxLayout& layout, const QString& name, const char* role, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setProperty("role", QLatin1String(role));
    label->setWordWrap(true);
    layout.addWidget(label);
    return label;
}

}  // namespace

ChipInspector::ChipInspector(PipelineDocument& document, const PipelineCatalogue& catalogue, QWidget* parent)
    : QWidget(parent), document_(document), catalogue_(catalogue) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    title_ = addLabel(*layout, QStringLiteral("chip_title"), "title", this);
    summary_ = addLabel(*layout, QStringLiteral("chip_summary"), "muted", this);
    data_ = addLabel(*layout, QStringLiteral("chip_data"), "", this);
    choose_ = new QPushButton(tr("Choose text file…"), this);
    choose_->setObjectName(QStringLiteral("choose_data"));
    layout->addWidget(choose_, 0, Qt::AlignLeft);
    form_ = new OptionForm(this);
    form_->setObjectName(QStringLiteral("chip_form"));
    layout->addWidget(form_);
    layout->addStretch(1);
    connect(choose_, &QPushButton::clicked, this, [this] {
        if (chip_) emit dataFileWanted(*chip_);
    });
    connect(form_, &OptionForm::valuesChanged, this, &ChipInspector::takeValues);
    connect(&document_, &PipelineDocument::changed, this, [this] {
        if (!editing_) refresh();
    });
    refresh();
}

void ChipInspector::showChip(std::optional<ChipRef> chip) {
    chip_ = chip;
    refresh();
}

void ChipInspector::setHead(const QString& title, const QString& text) {
    title_->setText(title);
    summary_->setText(text);
    summary_->setVisible(!text.isEmpty());
}

void ChipInspector::setData(const std::string& path, bool questions) {
    const QString name = QString::fromStdString(path);
    data_->setText(!name.isEmpty() ? QFileInfo(name).fileName()
                   : questions     ? tr("No file chosen yet")
                                   : tr("No text chosen yet"));
    choose_->setText(questions ? tr("Choose file…") : tr("Choose text file…"));
    data_->setToolTip(name);
    data_->show();
    choose_->show();
}

void ChipInspector::setForm(const std::vector<OptionDescription>& options, const OptionValues& values,
                            const QStringList& hidden) {
    form_->setOptions(options, values, hidden);
}

void ChipInspector::refresh() {
    data_->hide();
    choose_->hide();
    if (!chip_) {
        showRecipe();
        return;
    }
    switch (chip_->kind) {
        case ChipKind::method:
            showMethod(chip_->index);
            break;
        case ChipKind::calibration_data:
        case ChipKind::calibration_size:
        case ChipKind::calibration_seed:
            showCalibration();
            break;
        case ChipKind::bits:
        case ChipKind::group_size:
            showSwept();
            break;
        case ChipKind::checkpoint:
            showCheckpoint(chip_->index);
            break;
        case ChipKind::evaluation:
            showEvaluation(chip_->index);
            break;
        case ChipKind::original_model:
            showRecipe();
            break;
        case ChipKind::export_format:
            showExport(chip_->index);
            break;
    }
}

void ChipInspector::showMethod(int index) {
    const auto& chips = document_.draft().recipe.methods;
    if (!has(chips, index)) return showRecipe();
    const auto& chip = chips[static_cast<std::size_t>(index)];
    const auto found = std::ranges::find(catalogue_.methods, chip.method, &MethodDescription::id);
    if (found == catalogue_.methods.end()) return showRecipe();
    setHead(QString::fromStdString(found->label), QString::fromStdString(found->summary + "\n" + found->source));
    setForm(found->options, chip.options, {QStringLiteral("bits"), QStringLiteral("group_size")});
}

void ChipInspector::showCalibration() {
    const auto& calibration = document_.draft().recipe.calibration;
    setHead(tr("Calibration text"),
            tr("What the methods see of the model's activations. Methods that look at weights only do not need it."));
    setData(calibration.data);
    setForm(calibrationOptions(), calibrationValues(calibration));
}

void ChipInspector::showEvaluation(int index) {
    const auto& evaluations = document_.draft().recipe.evaluations;
    if (!has(evaluations, index)) return showRecipe();
    const auto& evaluation = evaluations[static_cast<std::size_t>(index)];
    const auto found = std::ranges::find(catalogue_.benchmarks, evaluation.benchmark, &NamedChoice::id);
    if (found != catalogue_.benchmarks.end()) setHead(found->label, found->help);
    setData(evaluation.data, isMultipleChoice(evaluation.benchmark));
    setForm(evaluationOptions(evaluation.benchmark), evaluationValues(evaluation));
}

void ChipInspector::showExport(int index) {
    const auto& exports = document_.draft().recipe.exports;
    if (!has(exports, index)) return showRecipe();
    const auto& chip = exports[static_cast<std::size_t>(index)];
    const auto format = findExportFormat(chip.format);
    if (!format) return showRecipe();
    setHead(QString::fromStdString((*format)->label), QString::fromStdString((*format)->summary));
    setForm((*format)->options, chip.options);
}

void ChipInspector::showSwept() {
    const bool bits = chip_->kind == ChipKind::bits;
    setHead(bits ? tr("Bits") : tr("Group size"),
            bits ? tr("Bits of a quantized weight. Every width makes one run of every method.")
                 : tr("Columns that share a scale and a zero point; per channel is one group over the whole row. Every "
                      "size makes one run of every method."));
    setForm({}, {});
}

void ChipInspector::showCheckpoint(int index) {
    const auto& checkpoints = document_.draft().recipe.checkpoints;
    if (!has(checkpoints, index)) return showRecipe();
    setHead(tr("Another checkpoint"), tr("Nothing is quantized: its weights are compared with the model's as they are. "
                                         "Run → Compare checkpoints… makes a recipe with one."));
    setData(checkpoints[static_cast<std::size_t>(index)]);
    choose_->hide();
    setForm({}, {});
}

void ChipInspector::showRecipe() {
    setHead(tr("Recipe"), tr("Select a chip to see its options. These hold for all runs."));
    setForm(recipeOptions(), recipeValues(document_.draft().recipe));
}

void ChipInspector::takeValues(const OptionValues& values, const QString& label) {
    const QScopedValueRollback guard(editing_, true);
    auto draft = document_.draft();
    auto& recipe = draft.recipe;
    const auto index = chip_ ? static_cast<std::size_t>(chip_->index) : 0;
    if (!chip_)
        setRecipe(recipe, values);
    else if (chip_->kind == ChipKind::method && index < recipe.methods.size())
        recipe.methods[index].options = values;
    else if (chip_->kind == ChipKind::evaluation && index < recipe.evaluations.size())
        setEvaluation(recipe.evaluations[index], values);
    else if (chip_->kind == ChipKind::export_format && index < recipe.exports.size())
        recipe.exports[index].options = values;
    else if (stageOf(chip_->kind) == Stage::calibrate)
        setCalibration(recipe.calibration, values);
    document_.edit(draft, label);
}

}  // namespace quantoscope
