#include "widgets/score_table/score_table.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <algorithm>

#include "widgets/score_table/score_delegate.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr int kLeastName = 122;   // pixels: a dot, the method and its bits
constexpr int kLeastHeader = 76;  // pixels: enough to know a benchmark again

QStringList intervalCells(const QModelIndex& index) {
    const auto figures = index.data(ScoreTableModel::kIntervalRole).toList();
    if (figures.size() < 4) return {QString(), QString(), QString(), QString()};
    return {exactText(figures[0].toDouble()), exactText(figures[1].toDouble()), exactText(figures[2].toDouble()),
            figures[3].toBool() ? QStringLiteral("yes") : QStringLiteral("no")};
}

}  // namespace

ScoreTable::ScoreTable(QWidget* parent)
    : RowTable(parent), model_(new ScoreTableModel(this)), sorted_(new QSortFilterProxyModel(this)) {
    setObjectName(QStringLiteral("scoreTable"));
    setAccessibleName(QStringLiteral("Scores by configuration"));
    sorted_->setSourceModel(model_);
    sorted_->setSortRole(ScoreTableModel::kSortRole);
    setModel(sorted_);
    setItemDelegate(new ScoreDelegate(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setShowGrid(false);
    setMouseTracking(true);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowPixels + 4);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Interactive);
    horizontalHeader()->setTextElideMode(Qt::ElideRight);
    // Not the current row: a table that gets the keyboard makes its first row current, and nobody chose that.
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (const QString row = selectedRow(); !selecting_ && !row.isEmpty()) emit rowSelected(row);
    });
    connect(this, &QTableView::activated, this, [this](const QModelIndex& index) { emit rowActivated(rowId(index)); });
}

void ScoreTable::setContents(std::vector<ScoreColumn> columns, std::vector<ScoreRow> rows) {
    std::erase_if(columns, [](const ScoreColumn& column) { return !column.listed; });
    const QString selected = selectedRow();
    model_->setContents(std::move(columns), std::move(rows));
    fitFirstColumn();
    selectRow(selected);
}

/// The name takes what is left. Where that is too little, long headers are cut before anything scrolls: their tooltips
/// say all.
void ScoreTable::fitFirstColumn() {
    const int columns = model_->columnCount();
    if (columns == 0) return;
    std::vector<int> widths;
    int missing = kLeastName - viewport()->width();
    for (int column = 1; column < columns; ++column) {
        widths.push_back(std::max(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column)));
        missing += widths.back();
    }
    for (int column = 1; column < columns && missing > 0; ++column) {
        int& width = widths[static_cast<std::size_t>(column) - 1];
        const int least = std::min(width, std::max(sizeHintForColumn(column), kLeastHeader));
        const int cut = std::min(missing, width - least);
        width -= cut;
        missing -= cut;
    }
    for (int column = 1; column < columns; ++column)
        horizontalHeader()->resizeSection(column, widths[static_cast<std::size_t>(column) - 1]);
    const bool fits = missing <= 0;
    horizontalHeader()->setSectionResizeMode(0, fits ? QHeaderView::Stretch : QHeaderView::Interactive);
    if (!fits) horizontalHeader()->resizeSection(0, std::min(kLeastName, sizeHintForColumn(0)));
}

void ScoreTable::resizeEvent(QResizeEvent* event) {
    RowTable::resizeEvent(event);
    fitFirstColumn();
}

void ScoreTable::setPinned(const QString& row_id) {
    model_->setPinned(row_id);
    fitFirstColumn();
}

QString ScoreTable::selectedRow() const {
    const auto rows = selectionModel()->selectedRows();
    return rows.isEmpty() ? QString() : rowId(rows.first());
}

void ScoreTable::selectRow(const QString& row_id) {
    selecting_ = true;
    if (row_id.isEmpty()) clearSelection();
    for (int row = 0; row < sorted_->rowCount() && !row_id.isEmpty(); ++row)
        if (rowId(sorted_->index(row, 0)) == row_id) QTableView::selectRow(row);
    selecting_ = false;
}

QString ScoreTable::rowId(const QModelIndex& index) const {
    return index.data(ScoreTableModel::kRowIdRole).toString();
}

void ScoreTable::copyAsCsv() const {
    QGuiApplication::clipboard()->setText(csvText());
}

void ScoreTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) return copyAsCsv();
    QTableView::keyPressEvent(event);
}

void ScoreTable::contextMenuEvent(QContextMenuEvent* event) {
    const bool by_keyboard = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = by_keyboard ? currentIndex() : indexAt(event->pos());
    const QString id = rowId(index);
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (!id.isEmpty())
        connect(menu->addAction(QStringLiteral("Pin as baseline")), &QAction::triggered, this,
                [this, id] { emit pinWanted(id); });
    connect(menu->addAction(QStringLiteral("Copy as CSV")), &QAction::triggered, this, &ScoreTable::copyAsCsv);
    menu->popup(by_keyboard ? viewport()->mapToGlobal(visualRect(index).bottomLeft()) : event->globalPos());
}

bool ScoreTable::hasErrors(int column) const {
    return sorted_->index(0, column).data(ScoreTableModel::kErrorRoomRole).toBool();
}

bool ScoreTable::hasPublished(int column) const {
    return sorted_->index(0, column).data(ScoreTableModel::kPublishedRoomRole).toBool();
}

bool ScoreTable::hasIntervals(int column) const {
    return sorted_->index(0, column).data(ScoreTableModel::kIntervalRoomRole).toBool();
}

ViewTable ScoreTable::viewTable() const {
    ViewTable table;
    for (int column = 0; column < sorted_->columnCount(); ++column) {
        QString title = sorted_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        if (column == ScoreTableModel::kBitsColumn) title += QStringLiteral(" per weight");
        if (column == sorted_->columnCount() - 2) title = QStringLiteral("Peak memory (bytes)");
        if (column == sorted_->columnCount() - 1) title += QStringLiteral(" (s)");
        table.header << title;
        if (hasErrors(column)) table.header << QStringLiteral("Standard error of ") + title;
        if (hasPublished(column)) table.header << QStringLiteral("Published ") + title;
        if (hasIntervals(column))
            table.header << QStringLiteral("Δ ") + title << QStringLiteral("Δ low") << QStringLiteral("Δ high")
                         << QStringLiteral("distinguishable");
    }
    for (int row = 0; row < sorted_->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < sorted_->columnCount(); ++column) {
            const QVariant value = sorted_->index(row, column).data(ScoreTableModel::kSortRole);
            cells << (value.typeId() == QMetaType::Double ? exactText(value.toDouble()) : value.toString());
            const QVariant error = sorted_->index(row, column).data(ScoreTableModel::kErrorValueRole);
            if (hasErrors(column)) cells << (error.isValid() ? exactText(error.toDouble()) : QString());
            const QVariant published = sorted_->index(row, column).data(ScoreTableModel::kPublishedRole);
            if (hasPublished(column)) cells << (published.isValid() ? exactText(published.toDouble()) : QString());
            if (hasIntervals(column)) cells << intervalCells(sorted_->index(row, column));
        }
        table.rows.push_back(cells);
    }
    return table;
}

void ScoreTable::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    const double scale = std::min(1.0, area.width() / std::max(1.0, viewSize().width()));
    painter.translate(area.topLeft());
    painter.scale(scale, scale);
    int x = 0;
    for (int column = 0; column < sorted_->columnCount(); ++column) {
        const int width = columnWidth(column);
        painter.setFont(smallFont());
        painter.setPen(tokens.muted);
        const auto alignment =
            sorted_->headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).value<Qt::Alignment>();
        painter.drawText(QRect(x + 9, 0, width - 18, kRowPixels), static_cast<int>(alignment),
                         sorted_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        for (int row = 0; row < sorted_->rowCount(); ++row) {
            QStyleOptionViewItem option;
            option.rect = QRect(x, (row + 1) * kRowPixels, width, kRowPixels);
            option.palette = palette();
            option.font = font();
            itemDelegate()->paint(&painter, option, sorted_->index(row, column));
        }
        x += width;
    }
}

QString ScoreTable::viewTitle() const {
    return QStringLiteral("Scores");
}

QSizeF ScoreTable::viewSize() const {
    double width = 0.0;
    for (int column = 0; column < sorted_->columnCount(); ++column) width += columnWidth(column);
    return {std::max(width, 200.0), static_cast<double>(kRowPixels * (sorted_->rowCount() + 1))};
}

}  // namespace quantoscope
