// A benchmark question by question: the right answer, the picks of two runs, what flipped between them.
#pragma once

#include <QAbstractTableModel>
#include <vector>

#include "core/run_store/question_file.h"
#include "widgets/export_view/exportable_view.h"
#include "widgets/view/row_table.h"

class QSortFilterProxyModel;

namespace quantoscope {

/// Choices count from 0; -1: no pick, because a likelihood is not a number.
struct QuestionRow {
    int number = 0;  ///< from 1, in the order of the benchmark
    int right = 0;
    int baseline_pick = -1;
    int run_pick = -1;
    std::vector<double> baseline_log_likelihoods;  ///< by choice, natural log
    std::vector<double> run_log_likelihoods;

    QString question = {};     ///< empty: the text is not known
    QStringList choices = {};  ///< as many as likelihoods, where the text is known

    bool baselineIsRight() const { return baseline_pick == right; }
    bool runIsRight() const { return run_pick == right; }
    bool isFlip() const { return baselineIsRight() != runIsRight(); }
};

class QuestionModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        kNumber,
        kRight,
        kChange,
        kBaselinePick,
        kBaselineLikelihoods,
        kRunPick,
        kRunLikelihoods,
        kColumnCount
    };
    static constexpr int kSortRole = Qt::UserRole + 1;
    static constexpr int kVerdictRole = Qt::UserRole + 2;  ///< int: 1 became right, -1 became wrong, 0 neither

    explicit QuestionModel(QObject* parent = nullptr);
    void setContents(std::vector<QuestionRow> rows, const QString& baseline_name, const QString& run_name);
    /// The texts of all questions, in the order of the rows. False: some do not fit their answers and are left out.
    [[nodiscard]] bool setTexts(const std::vector<QuestionText>& texts);
    void setFlipsOnly(bool flips_only);
    bool flipsOnly() const { return flips_only_; }
    const QuestionRow& shown(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void select();
    QString cellText(const QuestionRow& row, int column) const;

    std::vector<QuestionRow> rows_;
    std::vector<std::size_t> shown_;
    QString baseline_name_;
    QString run_name_;
    bool flips_only_ = false;
};

/// Click sorts, Ctrl+C copies as CSV what is shown.
class QuestionTable : public RowTable, public ExportableView {
    Q_OBJECT
public:
    explicit QuestionTable(QWidget* parent = nullptr);
    void setContents(std::vector<QuestionRow> rows, const QString& baseline_name, const QString& run_name);
    [[nodiscard]] bool setTexts(const std::vector<QuestionText>& texts);
    void setFlipsOnly(bool flips_only);
    void copyAsCsv() const;
    /// The current row, else the first; null when there is none.
    const QuestionRow* currentQuestion() const;

    /// The first rows only: a picture of ten thousand helps nobody.
    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override;
    QSizeF viewSize() const override;

signals:
    void currentQuestionChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitColumns();
    int neededWidth(int column) const;
    int paintedRows() const;

    QuestionModel* model_ = nullptr;
    QSortFilterProxyModel* sorted_ = nullptr;
};

}  // namespace quantoscope
