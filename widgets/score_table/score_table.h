// Configurations x benchmarks with Δ to the pinned row.
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <map>
#include <optional>
#include <vector>

#include "widgets/export_view/exportable_view.h"
#include "widgets/view/row_table.h"

class QSortFilterProxyModel;

namespace quantoscope {

struct ScoreColumn {
    QString id;     ///< benchmark
    QString label;  ///< "WikiText2"
    QString unit;   ///< "PPL"; "%": shown with one decimal
    bool lower_is_better = true;
    QString definition;
    std::optional<double> chance = {};  ///< what guessing scores
    bool listed = true;                 ///< false: not in the table, but the chart offers it
};
/// A score against the pinned row's, in the units shown.
struct ScoreDifference {
    bool told_apart = false;
    double low = 0.0;  ///< 95 % interval of the difference
    double high = 0.0;
    QString help;  ///< the figures in words, for the tooltip
};
/// What others report of the same model, method and setting: a ghost beside ours.
struct PublishedScore {
    double value = 0.0;
    QString source;  ///< "the study, Table 1"
};
struct ScoreRow {
    QString id;    ///< configuration (run) id
    QString name;  ///< "GPTQ w4 g128"
    QColor colour;
    std::optional<double> bits_per_weight;
    std::optional<std::uint64_t> bytes;
    std::optional<double> seconds;
    std::map<QString, double> scores;                     ///< by ScoreColumn::id
    std::map<QString, double> standard_errors = {};       ///< of those scores that have one
    std::map<QString, ScoreDifference> against_pin = {};  ///< of those scores that can be compared with the pin's
    std::map<QString, PublishedScore> published = {};     ///< of those scores that somebody else has printed
};

class ScoreTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int kBitsColumn = 1;
    static constexpr int kSortRole = Qt::UserRole + 1;
    static constexpr int kDeltaRole = Qt::UserRole + 2;  ///< QString, empty without a pin
    static constexpr int kBetterRole =
        Qt::UserRole +
        3;  ///< int: 1 better than the pin, -1 worse, 0 not told apart from it (without an interval: within an error)
    static constexpr int kRowIdRole = Qt::UserRole + 4;
    static constexpr int kDeltaRoomRole = Qt::UserRole + 5;   ///< bool: the column shows Δs
    static constexpr int kErrorRole = Qt::UserRole + 6;       ///< QString: "± 0.9", empty without a standard error
    static constexpr int kErrorRoomRole = Qt::UserRole + 7;   ///< bool: the column shows standard errors
    static constexpr int kErrorValueRole = Qt::UserRole + 8;  ///< double, or nothing

    static constexpr int kIntervalRole = Qt::UserRole + 9;       ///< QVariantList: Δ, low, high, told apart; or nothing
    static constexpr int kIntervalRoomRole = Qt::UserRole + 10;  ///< bool: some row of the column has an interval

    static constexpr int kPublishedRole = Qt::UserRole + 11;      ///< double: what others report; or nothing
    static constexpr int kPublishedRoomRole = Qt::UserRole + 12;  ///< bool: some row of the column has it

    explicit ScoreTableModel(QObject* parent = nullptr);
    void setContents(std::vector<ScoreColumn> columns, std::vector<ScoreRow> rows);
    void setPinned(const QString& row_id);  ///< empty: none
    const std::vector<ScoreRow>& rows() const { return rows_; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::optional<double> number(const ScoreRow& row, int column) const;
    std::optional<double> standardError(const ScoreRow& row, int column) const;
    const ScoreColumn* scoreColumn(int column) const;  ///< null for the other columns
    QString cellHelp(const ScoreRow& row, int column) const;
    const PublishedScore* published(const ScoreRow& row, int column) const;  ///< null: none
    const ScoreRow* pinnedRow() const;
    const ScoreDifference* againstPin(const ScoreRow& row, int column) const;  ///< null: not compared
    std::optional<double> delta(const ScoreRow& row, int column) const;
    QString deltaText(const ScoreRow& row, int column) const;
    int verdict(const ScoreRow& row, int column) const;
    QVariant scoreData(const ScoreRow& row, int column, int role) const;

    std::vector<ScoreColumn> columns_;
    std::vector<ScoreRow> rows_;
    QString pinned_;
};

/// Click sorts, Ctrl+C copies as CSV what is shown.
class ScoreTable : public RowTable, public ExportableView {
    Q_OBJECT
public:
    explicit ScoreTable(QWidget* parent = nullptr);
    void setContents(std::vector<ScoreColumn> columns, std::vector<ScoreRow> rows);
    void setPinned(const QString& row_id);
    void selectRow(const QString& row_id);  ///< emits nothing
    void copyAsCsv() const;

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override;
    QSizeF viewSize() const override;

signals:
    void rowSelected(const QString& row_id);
    void rowActivated(const QString& row_id);
    void pinWanted(const QString& row_id);  ///< from the context menu

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    /// Names take the room that is left and lose their end where it is short; below a least width the table scrolls.
    void fitFirstColumn();
    QString rowId(const QModelIndex& index) const;
    QString selectedRow() const;  ///< empty: none
    bool hasErrors(int column) const;
    bool hasPublished(int column) const;
    bool hasIntervals(int column) const;

    ScoreTableModel* model_ = nullptr;
    QSortFilterProxyModel* sorted_ = nullptr;
    bool selecting_ = false;
};

}  // namespace quantoscope
