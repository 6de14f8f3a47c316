#include "app/workbench/pipeline_page/pipeline_page.h"

#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/workbench/parts/benchmark_data.h"
#include "app/workbench/parts/file_dialogs.h"
#include "app/workbench/pipeline_page/chip_inspector.h"
#include "app/workbench/pipeline_page/layer_bits_card.h"
#include "app/workbench/pipeline_page/planned_runs.h"
#include "widgets/pipeline_editor/pipeline_editor.h"
#include "widgets/theme/tokens.h"

namespace quantoscope {
PipelinePage::PipelinePage(Session& session, QWidget* parent)
    : PageWidget(parent), session_(session), catalogue_(pipelineCatalogue()) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    setFocusPolicy(Qt::ClickFocus);
    layout->setSpacing(0);
    layout->addWidget(buildBar());
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* body = new QWidget(scroll);
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    column->setSpacing(kCardPadding);
    editor_ = new PipelineEditor(body);
    editor_->setObjectName(QStringLiteral("pipeline_editor"));
    editor_->setCatalogue(catalogue_);
    warnings_ = new QLabel(body);
    warnings_->setObjectName(QStringLiteral("plan_warnings"));
    warnings_->setProperty("role", QStringLiteral("muted"));
    warnings_->setWordWrap(true);
    column->addWidget(editor_);
    column->addWidget(new LayerBitsCard(session_, catalogue_.bits, body));
    column->addWidget(warnings_);
    planned_ = new PlannedRuns(body);
    column->addWidget(planned_);
    column->addStretch(1);
    scroll->setWidget(body);
    layout->addWidget(scroll, 1);
    inspector_ = new ChipInspector(session_.pipeline(), catalogue_);
    connect(editor_, &PipelineEditor::draftEdited, this,
            [this](const PipelineDraft& draft, const QString& label) { session_.pipeline().edit(draft, label); });
    connect(editor_, &PipelineEditor::chipSelected, this, [this](ChipRef chip) { inspector_->showChip(chip); });
    connect(editor_, &PipelineEditor::stageSelected, this, [this] { inspector_->showChip({}); });
    connect(editor_, &PipelineEditor::dataFileWanted, this, &PipelinePage::chooseData);
    connect(inspector_, &ChipInspector::dataFileWanted, this, &PipelinePage::chooseData);
    connect(&session_.pipeline(), &PipelineDocument::changed, this, &PipelinePage::refresh);
    connect(&session_.pipeline(), &PipelineDocument::planned, this, &PipelinePage::refreshPlan);
    refresh();
}

QWidget* PipelinePage::inspector() const {
    return inspector_;
}

QWidget* PipelinePage::firstView() const {
    return editor_->firstStop();
}

QWidget* PipelinePage::buildBar() {
    auto* bar = new QWidget(this);
    bar->setProperty("role", QStringLiteral("bar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kCardPadding, 6, kCardPadding, 6);
    presets_ = new QToolButton(bar);
    presets_->setObjectName(QStringLiteral("presets"));
    presets_->setText(tr("Presets"));
    presets_->setPopupMode(QToolButton::InstantPopup);
    preset_menu_ = new QMenu(presets_);
    presets_->setMenu(preset_menu_);
    connect(preset_menu_, &QMenu::aboutToShow, this, &PipelinePage::buildPresetMenu);
    auto* save = new QPushButton(tr("Save recipe…"), bar);
    save->setObjectName(QStringLiteral("save_recipe"));
    auto* copy = new QPushButton(tr("Copy as command"), bar);
    copy->setObjectName(QStringLiteral("copy_command"));
    said_ = new QLabel(bar);
    said_->setObjectName(QStringLiteral("pipeline_said"));
    said_->setProperty("role", QStringLiteral("muted"));
    for (QWidget* part : {static_cast<QWidget*>(presets_), static_cast<QWidget*>(save), static_cast<QWidget*>(copy)})
        row->addWidget(part);
    row->addWidget(said_, 1);
    connect(save, &QPushButton::clicked, this, &PipelinePage::saveRecipe);
    connect(copy, &QPushButton::clicked, this, &PipelinePage::copyAsCommand);
    return bar;
}

void PipelinePage::buildPresetMenu() {
    preset_menu_->clear();
    const auto add = [this](const Preset& preset) {
        connect(preset_menu_->addAction(preset.title), &QAction::triggered, this,
                [this, preset] { loadPreset(preset); });
    };
    for (const auto& preset : shippedPresets()) add(preset);
    const auto own = ownPresets(session_.paths());
    if (!own.empty()) preset_menu_->addSeparator();
    for (const auto& preset : own) add(preset);
    preset_menu_->addSeparator();
    connect(preset_menu_->addAction(tr("Save as preset…")), &QAction::triggered, this, &PipelinePage::saveAsPreset);
}

void PipelinePage::loadPreset(const Preset& preset) {
    auto recipe = readPreset(preset, session_.pipeline().draft().recipe);
    if (!recipe) {
        emit session_.failed(recipe.error());
        return;
    }
    session_.pipeline().replace(*recipe, tr("Preset “%1”").arg(preset.title));
    said_->setText(preset.title);
}

void PipelinePage::saveAsPreset() {
    auto* dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("preset_name_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Save as preset"));
    dialog->setLabelText(tr("Name of the preset:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        const auto status = saveOwnPreset(session_.paths(), name, runnableRecipe(session_.pipeline().draft()));
        if (!status)
            emit session_.failed(status.error());
        else
            said_->setText(tr("Saved as preset “%1”").arg(name.trimmed()));
    });
    dialog->open();
}

void PipelinePage::saveRecipe() {
    askForNewFile(this, tr("Save recipe"), QStringLiteral("recipe.json"), QStringLiteral("json"),
                  [this](const QString& path) {
                      const auto status = writeRecipeFile(path, runnableRecipe(session_.pipeline().draft()));
                      if (!status)
                          emit session_.failed(status.error());
                      else
                          said_->setText(tr("Saved %1").arg(QFileInfo(path).fileName()));
                  });
}

void PipelinePage::copyAsCommand() {
    const Recipe recipe = runnableRecipe(session_.pipeline().draft());
    const QString folder = session_.runs().newRunFolder(modelName(QString::fromStdString(recipe.model)));
    const std::string file = session_.pipeline().fileOf(recipe).toStdString();
    QGuiApplication::clipboard()->setText(QString::fromStdString(recipeCommand(recipe, folder.toStdString(), file)));
    said_->setText(tr("Copied the command to the clipboard"));
}

void PipelinePage::refresh() {
    editor_->setDraft(session_.pipeline().draft());
    editor_->setEstimate(tr("estimating…"));
}

void PipelinePage::refreshPlan() {
    const auto& plan = session_.pipeline().plan();
    if (!plan) return;
    if (!*plan) {
        editor_->setEstimate(QString::fromStdString(plan->error().message), PipelineEditor::EstimateState::bad);
        planned_->clear(tr("cannot run yet"));
        warnings_->hide();
        return;
    }
    editor_->setEstimate(estimateText(**plan));
    planned_->setPlan(**plan);
    QStringList lines;
    for (const auto& warning : (*plan)->warnings) lines.append(QString::fromStdString(warning));
    warnings_->setText(lines.join(QLatin1Char('\n')));
    warnings_->setVisible(!lines.isEmpty());
}

void PipelinePage::chooseData(ChipRef chip) {
    const auto& evaluations = session_.pipeline().draft().recipe.evaluations;
    const auto index = static_cast<std::size_t>(chip.index);
    const bool evaluates = chip.kind == ChipKind::evaluation && index < evaluations.size();
    askForBenchmarkData(
        this, evaluates ? evaluations[index].benchmark : std::string(),
        [this, chip](const QString& path) { takeData(chip, path); },
        evaluates ? QString() : tr("Text to calibrate on"));
}

void PipelinePage::takeData(ChipRef chip, const QString& path) {
    auto draft = session_.pipeline().draft();
    auto& recipe = draft.recipe;
    const auto index = static_cast<std::size_t>(chip.index);
    if (chip.kind == ChipKind::evaluation && index < recipe.evaluations.size())
        recipe.evaluations[index].data = path.toStdString();
    else if (stageOf(chip.kind) == Stage::calibrate)
        recipe.calibration.data = path.toStdString();
    else
        return;
    session_.pipeline().edit(draft, tr("Use %1").arg(QFileInfo(path).fileName()));
}

}  // namespace quantoscope
