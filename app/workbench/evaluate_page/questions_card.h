// A benchmark question by question: the pinned baseline beside the selected run.
#pragma once

#include "app/workbench/session/background.h"
#include "app/workbench/session/run_entry.h"
#include "core/run_store/question_file.h"
#include "widgets/card/card.h"

class QCheckBox;
class QLabel;
class QStackedWidget;

namespace quantoscope {

class EmptyState;
class QuestionTable;

class QuestionsCard : public Card {
    Q_OBJECT
public:
    explicit QuestionsCard(QWidget* parent = nullptr);
    /// Either run may be null: the card says what to do then. `column` as scoreColumnId names it; `label` for people.
    void setContents(const RunEntry* baseline, const RunEntry* run, const QString& column, const QString& label);
    const QuestionTable* table() const { return table_; }

signals:
    void pinOriginalWanted();

private:
    void showEmpty(const QString& title, const QString& sentence, const QString& action = {});
    void showQuestions(const RunEntry& baseline, const Score& before, const RunEntry& run, const Score& after);

    QWidget* buildAnswers();

    QStackedWidget* stack_ = nullptr;
    QWidget* answers_ = nullptr;
    EmptyState* empty_ = nullptr;
    QuestionTable* table_ = nullptr;
    QCheckBox* flips_only_ = nullptr;
    /// Reads what was asked away from this thread.
    void loadTexts(const RunEntry& run, const Score& score);
    void takeTexts(const Result<std::vector<QuestionText>>& texts);
    void showCurrent();

    QString shown_;
    QLabel* text_ = nullptr;
    QString problem_;  ///< why there are no texts
    LatestTask reading_{this};
};

}  // namespace quantoscope
