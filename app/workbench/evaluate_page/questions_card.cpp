#include "app/workbench/evaluate_page/questions_card.h"

#include <QCheckBox>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "app/workbench/evaluate_page/score_statistics.h"
#include "widgets/empty_state/empty_state.h"
#include "widgets/question_table/question_table.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

std::vector<QuestionRow> questionRows(const Score& score, const std::vector<ChoiceResult>& before,
                                      const std::vector<ChoiceResult>& after) {
    std::vector<QuestionRow> rows;
    rows.reserve(after.size());
    for (std::size_t i = 0; i < after.size(); ++i)
        rows.push_back({static_cast<int>(i) + 1, static_cast<int>(after[i].gold),
                        static_cast<int>(pickFor(score, before[i])), static_cast<int>(pickFor(score, after[i])),
                        before[i].log_likelihoods, after[i].log_likelihoods});
    return rows;
}

/// The question and its choices, the right one bold, with who picked it.
QString questionHtml(const QuestionRow& row) {
    QString html = QStringLiteral("<p>%1</p>")
                       .arg(row.question.toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br>")));
    for (int i = 0; i < row.choices.size(); ++i) {
        QStringList said;
        if (row.baseline_pick == i) said << QuestionsCard::tr("baseline");
        if (row.run_pick == i) said << QuestionsCard::tr("this run");
        QString line = QStringLiteral("%1. %2").arg(QChar(u'A' + i)).arg(row.choices[i].toHtmlEscaped());
        if (row.right == i) line = QStringLiteral("<b>%1 ✓</b>").arg(line);
        if (!said.isEmpty()) line += QStringLiteral(" &nbsp;← %1").arg(said.join(QStringLiteral(", ")));
        html += QStringLiteral("<div>%1</div>").arg(line);
    }
    return html;
}

/// With what the pick is read from beside the answers, so that the same contents are not set twice.
QString contentsKey(const RunEntry& baseline, const Score& before, const RunEntry& run, const Score& after,
                    const QString& column) {
    return QStringList{baseline.key.text(), exactText(before.value), run.key.text(), exactText(after.value), column}
        .join(QChar(0x1e));
}

}  // namespace

QuestionsCard::QuestionsCard(QWidget* parent) : Card(tr("Questions"), parent) {
    setObjectName(QStringLiteral("questions_card"));
    flips_only_ = new QCheckBox(tr("Show flips only"), this);
    flips_only_->setObjectName(QStringLiteral("flips_only"));
    flips_only_->setToolTip(tr("Only questions that one of the two runs answers right"));
    addHeaderWidget(flips_only_);
    stack_ = new QStackedWidget(this);
    empty_ = new EmptyState(QString(), QString(), QString(), stack_);
    empty_->setObjectName(QStringLiteral("questions_empty"));
    stack_->addWidget(empty_);
    stack_->addWidget(buildAnswers());
    setBody(stack_);
    connect(flips_only_, &QCheckBox::toggled, table_, &QuestionTable::setFlipsOnly);
    connect(empty_, &EmptyState::actionTriggered, this, &QuestionsCard::pinOriginalWanted);
}

QWidget* QuestionsCard::buildAnswers() {
    constexpr int kTextHeight = 132;
    answers_ = new QWidget(stack_);
    auto* layout = new QVBoxLayout(answers_);
    layout->setContentsMargins(0, 0, 0, 0);
    table_ = new QuestionTable(answers_);
    table_->setObjectName(QStringLiteral("question_table"));
    layout->addWidget(table_, 1);
    auto* scroll = new QScrollArea(answers_);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFixedHeight(kTextHeight);
    scroll->setFocusPolicy(Qt::NoFocus);
    text_ = new QLabel(scroll);
    text_->setObjectName(QStringLiteral("question_text"));
    text_->setAccessibleName(tr("The question of the current row"));
    text_->setTextFormat(Qt::RichText);
    text_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text_->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    text_->setWordWrap(true);
    text_->setMargin(8);
    scroll->setWidget(text_);
    layout->addWidget(scroll);
    connect(table_, &QuestionTable::currentQuestionChanged, this, &QuestionsCard::showCurrent);
    return answers_;
}

void QuestionsCard::loadTexts(const RunEntry& run, const Score& score) {
    problem_.clear();
    reading_.start([path = run.key.folder.toStdString(), scores = run.scores,
                    score](const std::stop_token&) { return questionsOf(path, scores, score); },
                   [this](const Result<std::vector<QuestionText>>& texts) { takeTexts(texts); });
}

void QuestionsCard::takeTexts(const Result<std::vector<QuestionText>>& texts) {
    if (!texts)
        problem_ = QString::fromStdString(texts.error().message);
    else if (!table_->setTexts(*texts))
        problem_ = tr("The texts kept with this run are of other questions: evaluate it again to see its own.");
    showCurrent();
}

void QuestionsCard::showCurrent() {
    const auto* row = table_->currentQuestion();
    text_->setText(row != nullptr && row->choices.isEmpty() ? problem_.toHtmlEscaped()
                   : row != nullptr                         ? questionHtml(*row)
                                                            : QString());
}

void QuestionsCard::showEmpty(const QString& title, const QString& sentence, const QString& action) {
    empty_->setText(title, sentence, action);
    stack_->setCurrentWidget(empty_);
    flips_only_->setEnabled(false);
    setDetail({});
    setNote({});
    shown_.clear();
    table_->setContents({}, {}, {});
}

void QuestionsCard::setContents(const RunEntry* baseline, const RunEntry* run, const QString& column,
                                const QString& label) {
    const auto* after = run == nullptr ? nullptr : scoreOfColumn(*run, column);
    const auto* before = baseline == nullptr ? nullptr : scoreOfColumn(*baseline, column);
    if (const auto* any = after != nullptr ? after : before; any != nullptr && !any->window_nll.empty())
        return showEmpty(tr("No questions"), tr("%1 is a text. Choose a benchmark with questions above.").arg(label));
    if (baseline == nullptr)
        return showEmpty(tr("Nothing pinned"),
                         tr("Pin a run as baseline to see which questions are answered differently."),
                         tr("Pin full precision"));
    if (run == nullptr)
        return showEmpty(
            tr("One run is missing"),
            tr("Select a run in the table to set it beside the baseline, %1.").arg(runLabel(baseline->info)));
    for (const auto& [entry, score] : {std::pair{baseline, before}, std::pair{run, after}})
        if (score == nullptr || answersOf(entry->scores, *score).empty())
            return showEmpty(tr("No answers kept"),
                             tr("%1 has no answers by question of %2.").arg(runLabel(entry->info), label));
    const QString key = contentsKey(*baseline, *before, *run, *after, column);
    if (key != shown_) showQuestions(*baseline, *before, *run, *after);
    if (stack_->currentWidget() == answers_) shown_ = key;
}

void QuestionsCard::showQuestions(const RunEntry& baseline, const Score& before, const RunEntry& run,
                                  const Score& after) {
    const auto earlier = answersOf(baseline.scores, before);
    const auto later = answersOf(run.scores, after);
    if (earlier.size() != later.size())
        return showEmpty(tr("Other questions"), tr("The two runs answered different questions."));
    QString base_name = runLabel(baseline.info);
    QString name = runLabel(run.info);
    if (name == base_name) {
        base_name += tr(" (baseline)");
        name += tr(" (selected)");
    }
    table_->setContents(questionRows(after, earlier, later), base_name, name);
    const auto comparison = compareScores(baseline.scores, before, run.scores, after);
    setDetail(comparison && comparison->picks ? flipsText(*comparison->picks) : QString());
    setNote(!comparison                   ? QString::fromStdString(comparison.error().message)
            : comparison->distinguishable ? tr("differs")
                                          : tr("≈ not distinguishable"));
    flips_only_->setEnabled(true);
    stack_->setCurrentWidget(answers_);
    loadTexts(run, after);
}

}  // namespace quantoscope
