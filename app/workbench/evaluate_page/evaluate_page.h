// The Evaluate page: scores of all runs as a table and as a chart against bits, with full precision beside.
#pragma once

#include "app/workbench/evaluate_page/score_statistics.h"
#include "app/workbench/frame/page_widget.h"
#include "app/workbench/session/session.h"
#include "widgets/score_table/score_table.h"

class QComboBox;
class QPushButton;
class QStackedWidget;
class QTabBar;

namespace quantoscope {

class Card;
class EmptyState;
class FactList;
class PlotCanvas;
class QuestionsCard;

class EvaluatePage : public PageWidget {
    Q_OBJECT

public:
    explicit EvaluatePage(Session& session, QWidget* parent = nullptr);
    QWidget* inspector() const override { return inspector_; }
    QWidget* firstView() const override;

signals:
    void evaluateWanted(const QList<quantoscope::RunKey>& runs);
    void exportWanted(const quantoscope::RunKey& run);
    void pipelineWanted();

private:
    QWidget* buildBar();
    QTabBar* buildViews(QWidget* bar);
    QWidget* buildBody();
    void connectBody();
    void buildInspector();
    void refresh();
    void refreshScores();
    void refreshChart();
    void chooseQuestions();
    void refreshQuestions();
    void pinOriginal();
    void refreshFacts();
    std::vector<const RunEntry*> shownRuns() const;
    void fillFolders();

    Session& session_;
    QStackedWidget* stack_ = nullptr;
    EmptyState* empty_ = nullptr;
    QComboBox* folder_ = nullptr;
    QComboBox* column_ = nullptr;
    QComboBox* scale_ = nullptr;
    std::vector<ScoreColumn> columns_;
    ScoreStatistics statistics_;
    QTabBar* views_ = nullptr;
    QStackedWidget* upper_ = nullptr;
    QuestionsCard* questions_ = nullptr;
    Card* chart_card_ = nullptr;
    PlotCanvas* chart_ = nullptr;
    ScoreTable* table_ = nullptr;
    QWidget* inspector_ = nullptr;
    FactList* facts_ = nullptr;
    QPushButton* evaluate_ = nullptr;
    QPushButton* export_ = nullptr;
};

}  // namespace quantoscope
