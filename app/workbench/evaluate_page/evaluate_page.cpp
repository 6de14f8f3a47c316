#include "app/workbench/evaluate_page/evaluate_page.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include "app/workbench/evaluate_page/questions_card.h"
#include "app/workbench/evaluate_page/run_facts.h"
#include "app/workbench/evaluate_page/score_data.h"
#include "app/workbench/parts/export_button.h"
#include "app/workbench/parts/fact_list.h"
#include "widgets/card/card.h"
#include "widgets/empty_state/empty_state.h"
#include "widgets/plots/plot_canvas.h"
#include "widgets/question_table/question_table.h"

namespace quantoscope {

EvaluatePage::EvaluatePage(Session& session, QWidget* parent) : PageWidget(parent), session_(session) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    setFocusPolicy(Qt::ClickFocus);
    stack_ = new QStackedWidget(this);
    layout->addWidget(stack_);
    empty_ =
        new EmptyState(tr("No scores yet"),
                       tr("Perplexity and accuracy against bits appear here, with full precision beside, once runs are "
                          "evaluated."),
                       tr("Set up a pipeline"), this);
    empty_->setObjectName(QStringLiteral("evaluate_empty"));
    stack_->addWidget(empty_);
    auto* content = new QWidget(this);
    auto* column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(buildBody(), 1);
    stack_->addWidget(content);
    buildInspector();
    connect(empty_, &EmptyState::actionTriggered, this, &EvaluatePage::pipelineWanted);
    connect(&session_.runs(), &RunCatalog::changed, this, &EvaluatePage::refresh);
    connect(&session_, &Session::baselineChanged, this, &EvaluatePage::refresh);
    connect(&session_.selection(), &SelectionModel::changed, this, [this] {
        const auto& runs = session_.selection().current().runs;
        table_->selectRow(runs.isEmpty() ? QString() : runs.first().text());
        refreshFacts();
        refreshQuestions();
    });
    refresh();
}

QWidget* EvaluatePage::firstView() const {
    return stack_->currentWidget() == empty_ ? static_cast<QWidget*>(empty_->button()) : table_;
}

QWidget* EvaluatePage::buildBar() {
    auto* bar = new QWidget(this);
    bar->setProperty("role", QStringLiteral("bar"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(kCardPadding, 6, kCardPadding, 6);
    const auto choice = [&](const QString& name, const QString& accessible) {
        auto* box = new QComboBox(bar);
        box->setObjectName(name);
        box->setAccessibleName(accessible);
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        row->addWidget(box);
        return box;
    };
    folder_ = choice(QStringLiteral("score_folder"), tr("Runs to show"));
    column_ = choice(QStringLiteral("score_column"), tr("Score of the chart and the questions"));
    // The longest name gives way before the run's does; the list shows all of it.
    column_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    column_->setMinimumContentsLength(18);
    scale_ = choice(QStringLiteral("score_scale"), tr("Scale of the chart"));
    scale_->addItems({tr("linear"), tr("log")});
    scale_->setCurrentIndex(1);
    row->addSpacing(kCardPadding);
    row->addWidget(buildViews(bar));
    row->addStretch(1);
    auto* evaluate = new QPushButton(tr("Evaluate…"), bar);
    evaluate->setObjectName(QStringLiteral("evaluate_runs_button"));
    row->addWidget(evaluate);
    connect(evaluate, &QPushButton::clicked, this,
            [this] { emit evaluateWanted(session_.selection().current().runs); });
    connect(folder_, &QComboBox::activated, this, &EvaluatePage::refreshScores);
    connect(column_, &QComboBox::activated, this, &EvaluatePage::refreshChart);
    connect(column_, &QComboBox::activated, this, &EvaluatePage::refreshQuestions);
    connect(scale_, &QComboBox::activated, this, &EvaluatePage::refreshChart);
    return bar;
}

/// What stands above the table.
QTabBar* EvaluatePage::buildViews(QWidget* bar) {
    views_ = new QTabBar(bar);
    views_->setObjectName(QStringLiteral("score_views"));
    views_->setAccessibleName(tr("Chart or questions"));
    views_->setDrawBase(false);
    views_->setExpanding(false);
    views_->addTab(tr("&Chart"));
    views_->addTab(tr("&Questions"));
    views_->setTabToolTip(1, tr("Answers of the baseline and of the selected run, question by question"));
    connect(views_, &QTabBar::currentChanged, this, [this](int view) {
        upper_->setCurrentIndex(view);
        if (view == 1) chooseQuestions();
        refreshQuestions();
    });
    return views_;
}

QWidget* EvaluatePage::buildBody() {
    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    upper_ = new QStackedWidget(splitter);
    chart_ = new PlotCanvas(upper_);
    chart_->setObjectName(QStringLiteral("score_chart"));
    chart_card_ = new Card(tr("Score against bits"), upper_);
    chart_card_->setBody(chart_);
    questions_ = new QuestionsCard(upper_);  // made before the table below it: Tab goes the same way as the eye
    table_ = new ScoreTable(splitter);
    table_->setObjectName(QStringLiteral("score_table"));
    auto* table_card = new Card(tr("Scores"), splitter);
    table_card->setBody(table_);
    const auto caption = [this] {
        const auto* folder = session_.runs().findFolder(folder_->currentData().toString());
        return ExportCaption{folder != nullptr ? folder->model_path.section(QLatin1Char('/'), -1) : QString(),
                             {},
                             folder != nullptr ? folder->name : QString()};
    };
    const auto fail = [this](const Error& error) { emit session_.failed(error); };
    addExportButton(*chart_card_, QStringLiteral("export_chart"), chart_, caption, fail);
    addExportButton(*table_card, QStringLiteral("export_scores"), table_, caption, fail);
    addExportButton(*questions_, QStringLiteral("export_questions"), questions_->table(), caption, fail);
    upper_->addWidget(chart_card_);
    upper_->addWidget(questions_);
    splitter->addWidget(upper_);
    splitter->addWidget(table_card);
    connectBody();
    return padded(splitter);
}

void EvaluatePage::connectBody() {
    connect(chart_, &PlotCanvas::pointClicked, this, [this](const QString& run) {
        if (session_.runs().find(RunKey::fromText(run)) != nullptr)
            session_.selection().selectRuns({RunKey::fromText(run)});
    });
    connect(questions_, &QuestionsCard::pinOriginalWanted, this, &EvaluatePage::pinOriginal);
    connect(table_, &ScoreTable::rowSelected, this,
            [this](const QString& id) { session_.selection().selectRuns({RunKey::fromText(id)}); });
    connect(table_, &ScoreTable::pinWanted, this,
            [this](const QString& id) { session_.setBaseline(RunKey::fromText(id)); });
}

void EvaluatePage::buildInspector() {
    inspector_ = new QWidget;
    auto* layout = new QVBoxLayout(inspector_);
    layout->setContentsMargins(kCardPadding, kCardPadding, kCardPadding, kCardPadding);
    facts_ = new FactList(inspector_);
    evaluate_ = new QPushButton(tr("Evaluate…"), inspector_);
    evaluate_->setObjectName(QStringLiteral("inspector_evaluate"));
    export_ = new QPushButton(tr("Export checkpoint…"), inspector_);
    export_->setObjectName(QStringLiteral("inspector_export"));
    layout->addWidget(facts_);
    layout->addWidget(evaluate_, 0, Qt::AlignLeft);
    layout->addWidget(export_, 0, Qt::AlignLeft);
    layout->addStretch(1);
    connect(evaluate_, &QPushButton::clicked, this,
            [this] { emit evaluateWanted(session_.selection().current().runs); });
    connect(export_, &QPushButton::clicked, this, [this] {
        if (!session_.selection().current().runs.isEmpty())
            emit exportWanted(session_.selection().current().runs.first());
    });
}

void EvaluatePage::fillFolders() {
    const QString current = folder_->currentData().toString();
    folder_->clear();
    folder_->addItem(tr("All runs"), QString());
    const auto& folders = session_.runs().folders();
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
        folder_->addItem(folder->name, folder->folder);
    // The newest folder is what a person wants to see first.
    const int row = folder_->findData(current);
    folder_->setCurrentIndex(row >= 0 && !current.isEmpty() ? row : std::min(1, folder_->count() - 1));
}

std::vector<const RunEntry*> EvaluatePage::shownRuns() const {
    const QString wanted = folder_->currentData().toString();
    std::vector<const RunEntry*> runs;
    for (const auto& folder : session_.runs().folders())
        if (wanted.isEmpty() || folder.folder == wanted)
            for (const auto& run : folder.runs) runs.push_back(&run);
    return runs;
}

void EvaluatePage::refresh() {
    fillFolders();
    stack_->setCurrentIndex(session_.runs().folders().empty() ? 0 : 1);
    refreshScores();
}

void EvaluatePage::refreshScores() {
    const auto runs = shownRuns();
    columns_ = scoreColumns(runs);
    const QString current = column_->currentData().toString();
    column_->clear();
    for (const auto& column : columns_) column_->addItem(column.label + QLatin1Char(' ') + column.unit, column.id);
    column_->setCurrentIndex(std::max(0, column_->findData(current)));
    table_->setContents(columns_,
                        scoreRows(runs, session_.runs().find(session_.baseline()), statistics_, tokensOf(this)));
    table_->setPinned(session_.baseline().isNull() ? QString() : session_.baseline().text());
    refreshChart();
    refreshFacts();
    refreshQuestions();
}

void EvaluatePage::refreshChart() {
    const auto chart = scoreChart(shownRuns(), column_->currentData().toString(), statistics_, tokensOf(this));
    const auto column = std::ranges::find(columns_, column_->currentData().toString(), &ScoreColumn::id);
    const bool percent = column != columns_.end() && column->unit == QLatin1String("%");
    scale_->setEnabled(!percent);  // shares from 0 to 100 are read on a linear scale
    const auto scale = scale_->currentIndex() == 1 && !percent ? ScaleKind::logarithmic : ScaleKind::linear;
    auto spec = scoreChartSpec(chart.lines, chart.full_precision, column_->currentText(), scale, BitsAxis::nominal);
    if (column != columns_.end()) addUncertainty(spec, chart, column->chance);
    spec.empty_text = tr("No scores yet: press Evaluate…");
    chart_->setSpec(spec);
    chart_card_->setDetail(column_->currentText());
    chart_card_->setNote(chart.intervals.empty() ? QString() : tr("bars: 95 % interval"));
}

/// A text has no questions: the first benchmark that has some is taken instead.
void EvaluatePage::chooseQuestions() {
    const auto current = std::ranges::find(columns_, column_->currentData().toString(), &ScoreColumn::id);
    const auto asked =
        std::ranges::find_if(columns_, [](const ScoreColumn& column) { return column.chance.has_value(); });
    if (current == columns_.end() || current->chance || asked == columns_.end()) return;
    column_->setCurrentIndex(column_->findData(asked->id));
    refreshChart();
}

void EvaluatePage::refreshQuestions() {
    if (upper_->currentWidget() != questions_) return;
    const auto* baseline = session_.runs().find(session_.baseline());
    const RunEntry* run = nullptr;
    for (const auto& key : session_.selection().current().runs)
        if (run == nullptr && key != session_.baseline()) run = session_.runs().find(key);
    questions_->setContents(baseline, run, column_->currentData().toString(), column_->currentText());
}

/// Of the folder on view, or of the selected run.
void EvaluatePage::pinOriginal() {
    QString folder = folder_->currentData().toString();
    const auto& selected = session_.selection().current().runs;
    if (folder.isEmpty() && !selected.isEmpty()) folder = selected.first().folder;
    for (const auto* run : shownRuns())
        if (run->isOriginal() && (folder.isEmpty() || run->key.folder == folder)) return session_.setBaseline(run->key);
    emit session_.failed(
        {tr("These runs hold no full precision: pin one of them with the table's menu.").toStdString(), {}, {}});
}

void EvaluatePage::refreshFacts() {
    const auto& runs = session_.selection().current().runs;
    const auto* run = runs.isEmpty() ? nullptr : session_.runs().find(runs.first());
    evaluate_->setEnabled(run != nullptr && run->isFinished());
    export_->setEnabled(run != nullptr && run->isFinished() && run->wasQuantizedHere());
    if (run == nullptr) {
        facts_->setContents({}, tr("Select a run to see its options and scores."), {});
        return;
    }
    const auto* folder = session_.runs().findFolder(run->key.folder);
    facts_->setContents(runLabel(run->info), folder != nullptr ? folder->name : QString(), runFacts(*run, folder));
}

}  // namespace quantoscope
