#include "app/workbench/evaluate_page/questions_card.h"

#include <QCheckBox>
#include <QStackedWidget>

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
    table_ = new QuestionTable(stack_);
    table_->setObjectName(QStringLiteral("question_table"));
    stack_->addWidget(empty_);
    stack_->addWidget(table_);
    setBody(stack_);
    connect(flips_only_, &QCheckBox::toggled, table_, &QuestionTable::setFlipsOnly);
    connect(empty_, &EmptyState::actionTriggered, this, &QuestionsCard::pinOriginalWanted);
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
        if (score == nullptr || answersOf(entry->scores, *score) == nullptr)
            return showEmpty(tr("No answers kept"),
                             tr("%1 has no answers by question of %2.").arg(runLabel(entry->info), label));
    const QString key = contentsKey(*baseline, *before, *run, *after, column);
    if (key != shown_) showQuestions(*baseline, *before, *run, *after);
    if (stack_->currentWidget() == table_) shown_ = key;
}

void QuestionsCard::showQuestions(const RunEntry& baseline, const Score& before, const RunEntry& run,
                                  const Score& after) {
    const auto* earlier = answersOf(baseline.scores, before);
    const auto* later = answersOf(run.scores, after);
    if (earlier->size() != later->size())
        return showEmpty(tr("Other questions"), tr("The two runs answered different questions."));
    QString base_name = runLabel(baseline.info);
    QString name = runLabel(run.info);
    if (name == base_name) {
        base_name += tr(" (baseline)");
        name += tr(" (selected)");
    }
    table_->setContents(questionRows(after, *earlier, *later), base_name, name);
    const auto comparison = compareScores(baseline.scores, before, run.scores, after);
    setDetail(comparison && comparison->picks ? flipsText(*comparison->picks) : QString());
    setNote(!comparison                   ? QString::fromStdString(comparison.error().message)
            : comparison->distinguishable ? tr("differs")
                                          : tr("≈ not distinguishable"));
    flips_only_->setEnabled(true);
    stack_->setCurrentWidget(table_);
}

}  // namespace quantoscope
