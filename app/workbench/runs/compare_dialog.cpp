#include "app/workbench/runs/compare_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/workbench/parts/file_dialogs.h"
#include "app/workbench/session/background.h"
#include "core/pipeline/plan.h"
#include "widgets/theme/theme.h"

namespace quantoscope {

CompareDialog::CompareDialog(Session& session, QWidget* parent) : QDialog(parent), session_(session) {
    setObjectName(QStringLiteral("compare_dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare checkpoints"));
    auto* layout = new QVBoxLayout(this);
    auto* help = new QLabel(tr("Sets a checkpoint, quantized by others or fine-tuned, against the model it was made "
                               "from: the same maps as of a run, and scores if you evaluate it."),
                            this);
    help->setProperty("role", QStringLiteral("muted"));
    help->setWordWrap(true);
    layout->addWidget(help);
    layout->addWidget(pathRow(QStringLiteral("compare_model"), tr("Model"), model_));
    layout->addWidget(pathRow(QStringLiteral("compare_checkpoint"), tr("Checkpoint"), checkpoint_));
    buildOutputs();
    layout->addWidget(outputs_);
    problem_ = new QLabel(this);
    problem_->setObjectName(QStringLiteral("compare_problem"));
    problem_->setProperty("role", QStringLiteral("bad"));
    problem_->setWordWrap(true);
    problem_->hide();
    layout->addWidget(problem_);
    layout->addStretch(1);
    layout->addWidget(buildButtons());
    if (const auto current = session_.models().current()) model_->setCurrentText(current->path);
    (model_->currentText().isEmpty() ? model_ : checkpoint_)->setFocus();
    refresh();
    resize(560, 260);
}

void CompareDialog::buildOutputs() {
    const auto& text = session_.pipeline().draft().recipe.calibration.data;
    outputs_ = new QCheckBox(tr("Measure output errors too, on the pipeline's calibration text"), this);
    outputs_->setObjectName(QStringLiteral("compare_outputs"));
    outputs_->setEnabled(!text.empty());
    outputs_->setChecked(!text.empty());
    outputs_->setToolTip(text.empty() ? tr("The Calibrate stage of the pipeline has no text")
                                      : QString::fromStdString(text));
}

QWidget* CompareDialog::buildButtons() {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    start_ = buttons->addButton(tr("Compare"), QDialogButtonBox::ActionRole);
    start_->setObjectName(QStringLiteral("start_comparison"));
    start_->setProperty("primary", true);
    restyle(start_);  // the button box has styled it already
    start_->setDefault(true);
    connect(start_, &QPushButton::clicked, this, &CompareDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    return buttons;
}

QWidget* CompareDialog::pathRow(const QString& name, const QString& label, QComboBox*& box) {
    auto* part = new QWidget(this);
    auto* row = new QHBoxLayout(part);
    row->setContentsMargins(0, 0, 0, 0);
    auto* caption = new QLabel(label, part);
    caption->setMinimumWidth(fontMetrics().horizontalAdvance(tr("Checkpoint")) + 8);
    box = new QComboBox(part);
    box->setObjectName(name);
    box->setAccessibleName(label);
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    for (const auto& open : session_.models().models()) box->addItem(open->path);
    box->setCurrentText({});
    box->lineEdit()->setPlaceholderText(tr("Folder, .gguf or .safetensors"));
    caption->setBuddy(box);
    row->addWidget(caption);
    row->addWidget(box, 1);
    auto* file = new QPushButton(tr("File…"), part);
    auto* folder = new QPushButton(tr("Folder…"), part);
    row->addWidget(file);
    row->addWidget(folder);
    const auto take = [box](const QString& path) { box->setCurrentText(path); };
    connect(file, &QPushButton::clicked, this,
            [this, label, take] { askForFile(this, label, tr("Models (*.gguf *.safetensors);;All files (*)"), take); });
    connect(folder, &QPushButton::clicked, this, [this, label, take] { askForFolder(this, label, take); });
    connect(box, &QComboBox::currentTextChanged, this, &CompareDialog::refresh);
    return part;
}

Recipe CompareDialog::recipe() const {
    Recipe recipe;
    recipe.model = model_->currentText().trimmed().toStdString();
    recipe.checkpoints = {checkpoint_->currentText().trimmed().toStdString()};
    const auto& drafted = session_.pipeline().draft().recipe;
    if (outputs_->isChecked()) recipe.calibration = drafted.calibration;
    recipe.precision = drafted.precision;
    return recipe;
}

void CompareDialog::refresh() {
    if (start_ == nullptr) return;
    problem_->hide();
    const auto model = model_->currentText().trimmed();
    const auto checkpoint = checkpoint_->currentText().trimmed();
    start_->setEnabled(!starting_ && !model.isEmpty() && !checkpoint.isEmpty() && model != checkpoint);
}

void CompareDialog::showProblem(const QString& problem) {
    problem_->setText(problem);
    problem_->show();
}

void CompareDialog::start() {
    const auto wanted = recipe();
    starting_ = true;
    refresh();
    runInBackground(
        this, [wanted] { return planRecipe(wanted); },
        [this, wanted](const Result<Plan>& plan) {
            starting_ = false;
            if (!plan) {
                refresh();
                showProblem(QString::fromStdString(plan.error().message));
                checkpoint_->setFocus();
                return;
            }
            session_.start(wanted, recipeTitle(wanted));
            accept();
        });
}

}  // namespace quantoscope
