#include "app/workbench/evaluate_page/evaluate_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/workbench/parts/benchmark_data.h"
#include "app/workbench/parts/file_dialogs.h"
#include "app/workbench/pipeline_page/recipe_options.h"
#include "widgets/option_form/option_form.h"
#include "widgets/theme/theme.h"

namespace quantoscope {

QStringList evaluateArguments(const RunKey& run, const std::string& benchmark, const QString& data,
                              const OptionValues& options) {
    QStringList arguments{QStringLiteral("evaluate"),        run.folder,
                          QStringLiteral("--configuration"), run.configuration,
                          QStringLiteral("--benchmark"),     QString::fromStdString(benchmark),
                          QStringLiteral("--data"),          data};
    for (const auto& [id, value] : options) {
        QString flag = QString::fromStdString(id);
        flag.replace(QLatin1Char('_'), QLatin1Char('-'));
        arguments << QStringLiteral("--%1=%2").arg(flag, QString::fromStdString(optionText(value)));
    }
    return arguments;
}

EvaluateDialog::EvaluateDialog(Session& session, const QList<RunKey>& chosen, QWidget* parent)
    : QDialog(parent), session_(session) {
    setObjectName(QStringLiteral("evaluate_dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Evaluate"));
    auto* layout = new QVBoxLayout(this);
    benchmark_ = new QComboBox(this);
    benchmark_->setObjectName(QStringLiteral("evaluate_benchmark"));
    benchmark_->setAccessibleName(tr("Benchmark"));
    for (const auto& each : benchmarks()) benchmark_->addItem(benchmarkLabel(each), QString::fromStdString(each.id));
    layout->addWidget(benchmark_);
    help_ = new QLabel(this);
    help_->setProperty("role", QStringLiteral("muted"));
    help_->setWordWrap(true);
    layout->addWidget(help_);
    layout->addWidget(buildDataRow());
    layout->addWidget(new QLabel(tr("Finished runs:"), this));
    runs_ = new QListWidget(this);
    runs_->setObjectName(QStringLiteral("evaluate_runs"));
    runs_->setAccessibleName(tr("Runs to evaluate"));
    layout->addWidget(runs_, 1);
    form_ = new OptionForm(this);
    layout->addWidget(form_);
    problem_ = new QLabel(this);
    problem_->setObjectName(QStringLiteral("evaluate_problem"));
    problem_->setProperty("role", QStringLiteral("bad"));
    problem_->setWordWrap(true);
    problem_->hide();
    layout->addWidget(problem_);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
    start_ = buttons->addButton(tr("Evaluate"), QDialogButtonBox::AcceptRole);
    start_->setObjectName(QStringLiteral("start_evaluation"));
    start_->setProperty("primary", true);
    restyle(start_);  // the button box has styled it already
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, &EvaluateDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(runs_, &QListWidget::itemChanged, this, &EvaluateDialog::refreshButton);
    connect(data_, &QLineEdit::textChanged, this, &EvaluateDialog::refreshButton);
    connect(benchmark_, &QComboBox::currentIndexChanged, this, &EvaluateDialog::showBenchmark);
    fillRuns(chosen);
    showBenchmark();
    refreshButton();
    resize(460, 560);
}

QWidget* EvaluateDialog::buildDataRow() {
    auto* part = new QWidget(this);
    auto* row = new QHBoxLayout(part);
    row->setContentsMargins(0, 0, 0, 0);
    data_ = new QLineEdit(part);
    data_->setObjectName(QStringLiteral("evaluate_data"));
    data_->setAccessibleName(tr("Data of the benchmark"));
    data_->setPlaceholderText(tr("File, or the folder that holds it"));
    auto* choose = new QPushButton(tr("Choose…"), part);
    choose->setObjectName(QStringLiteral("choose_evaluate_data"));
    row->addWidget(data_, 1);
    row->addWidget(choose);
    connect(choose, &QPushButton::clicked, this,
            [this] { askForBenchmarkData(this, benchmark(), [this](const QString& path) { data_->setText(path); }); });
    return part;
}

std::string EvaluateDialog::benchmark() const {
    return benchmark_->currentData().toString().toStdString();
}

void EvaluateDialog::showBenchmark() {
    const auto found = findBenchmark(benchmark());
    if (!found) return;
    help_->setText(QString::fromStdString((*found)->help));
    help_->setToolTip(QString::fromStdString((*found)->definition));
    data_->setText(QString::fromStdString(usualData(benchmark(), session_.pipeline().draft().recipe)));
    form_->setOptions(evaluationOptions(benchmark()), {});
    problem_->hide();
}

void EvaluateDialog::fillRuns(const QList<RunKey>& chosen) {
    for (const auto& folder : session_.runs().folders()) {
        for (const auto& run : folder.runs) {
            if (!run.isFinished()) continue;
            auto* item = new QListWidgetItem(QStringLiteral("%1 — %2").arg(runLabel(run.info), folder.name), runs_);
            item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
            item->setCheckState(chosen.contains(run.key) ? Qt::Checked : Qt::Unchecked);
            item->setData(Qt::UserRole, run.key.text());
        }
    }
}

QList<RunKey> EvaluateDialog::tickedRuns() const {
    QList<RunKey> keys;
    for (int row = 0; row < runs_->count(); ++row)
        if (runs_->item(row)->checkState() == Qt::Checked)
            keys.append(RunKey::fromText(runs_->item(row)->data(Qt::UserRole).toString()));
    return keys;
}

void EvaluateDialog::refreshButton() {
    problem_->hide();
    start_->setEnabled(!tickedRuns().isEmpty() && !data_->text().trimmed().isEmpty());
}

bool EvaluateDialog::dataFits() {
    const auto found = findBenchmark(benchmark());
    if (!found) return true;
    const auto file = benchmarkFile(**found, data_->text().trimmed().toStdString());
    if (!file) problem_->setText(QString::fromStdString(file.error().message));
    problem_->setVisible(!file);
    return file.has_value();
}

void EvaluateDialog::start() {
    if (!dataFits()) return;
    for (const auto& run : tickedRuns()) {
        JobRequest request;
        request.title = tr("Evaluate %1 on %2").arg(run.configuration, benchmark_->currentText());
        request.run_folder = run.folder;
        request.arguments = evaluateArguments(run, benchmark(), data_->text().trimmed(), form_->values());
        session_.jobs().add(request);
    }
    accept();
}

}  // namespace quantoscope
