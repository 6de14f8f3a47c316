#include "widgets/question_table/question_table.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <algorithm>

#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr int kMostPaintedRows = 60;
constexpr int kMeasuredRows = 40;
constexpr int kPadding = 9;

bool isLikelihoods(int column) {
    return column == QuestionModel::kBaselineLikelihoods || column == QuestionModel::kRunLikelihoods;
}

/// Says in colour what the Change column says in words.
class QuestionDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const Tokens& tokens = tokensOf(option.palette);
        const QRect cell = option.rect;
        painter->save();
        if (option.state & QStyle::State_Selected)
            painter->fillRect(cell, tokens.accent_background);
        else if (option.state & QStyle::State_MouseOver)
            painter->fillRect(cell, tokens.raised);
        painter->fillRect(QRect(cell.left(), cell.bottom(), cell.width(), 1), tokens.line);
        painter->setFont(themeFont());
        painter->setPen(colourOf(index, tokens));
        const QRect room = cell.adjusted(kPadding, 0, -kPadding, 0);
        const auto alignment = index.data(Qt::TextAlignmentRole).value<Qt::Alignment>();
        painter->drawText(room, static_cast<int>(alignment),
                          painter->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, room.width()));
        painter->restore();
    }

private:
    static QColor colourOf(const QModelIndex& index, const Tokens& tokens) {
        const int verdict = index.data(QuestionModel::kVerdictRole).toInt();
        if (index.column() == QuestionModel::kChange)
            return verdict > 0 ? tokens.good : verdict < 0 ? tokens.bad : tokens.muted;
        return isLikelihoods(index.column()) || index.column() == QuestionModel::kNumber ? tokens.muted : tokens.text;
    }
};

QString numbersText(const std::vector<double>& values) {
    QStringList parts;
    for (const double value : values) parts << exactText(value);
    return parts.join(QLatin1Char(' '));
}

}  // namespace

QuestionTable::QuestionTable(QWidget* parent)
    : RowTable(parent), model_(new QuestionModel(this)), sorted_(new QSortFilterProxyModel(this)) {
    setObjectName(QStringLiteral("questionTable"));
    setAccessibleName(tr("Questions with the picks of the baseline and of the run"));
    sorted_->setSourceModel(model_);
    sorted_->setSortRole(QuestionModel::kSortRole);
    setModel(sorted_);
    setItemDelegate(new QuestionDelegate(this));
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setShowGrid(false);
    setWordWrap(false);
    setSortingEnabled(true);
    sortByColumn(-1, Qt::AscendingOrder);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    verticalHeader()->hide();
    verticalHeader()->setDefaultSectionSize(kRowPixels);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setMinimumSectionSize(40);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, &QuestionTable::currentQuestionChanged);
    connect(model_, &QAbstractItemModel::modelReset, this, &QuestionTable::currentQuestionChanged);
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this, &QuestionTable::fitColumns);
    fitColumns();
}

void QuestionTable::setContents(std::vector<QuestionRow> rows, const QString& baseline_name, const QString& run_name) {
    model_->setContents(std::move(rows), baseline_name, run_name);
    fitColumns();
}

bool QuestionTable::setTexts(const std::vector<QuestionText>& texts) {
    const bool all_fit = model_->setTexts(texts);
    emit currentQuestionChanged();
    return all_fit;
}

void QuestionTable::setFlipsOnly(bool flips_only) {
    model_->setFlipsOnly(flips_only);
}

const QuestionRow* QuestionTable::currentQuestion() const {
    const auto current = currentIndex().isValid() ? currentIndex() : sorted_->index(0, 0);
    return current.isValid() ? &model_->shown(sorted_->mapToSource(current).row()) : nullptr;
}

/// Header and first rows: measuring ten thousand would take longer than drawing them.
int QuestionTable::neededWidth(int column) const {
    // Room for the arrow where it stands only: seven columns have to fit beside each other.
    const QString title = model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    int width = column == horizontalHeader()->sortIndicatorSection()
                    ? horizontalHeader()->sectionSizeHint(column)
                    : horizontalHeader()->fontMetrics().horizontalAdvance(title) + 2 * kPadding + 4;
    if (column == QuestionModel::kChange)
        width = std::max(width, fontMetrics().horizontalAdvance(QStringLiteral("right → wrong")) + 2 * kPadding);
    for (int row = 0; row < std::min(model_->rowCount(), kMeasuredRows); ++row)
        width = std::max(
            width, fontMetrics().horizontalAdvance(model_->index(row, column).data().toString()) + 2 * kPadding + 2);
    return width;
}

void QuestionTable::fitColumns() {
    int used = 0;
    for (int column = 0; column < QuestionModel::kRunLikelihoods; ++column) {
        setColumnWidth(column, neededWidth(column));
        used += columnWidth(column);
    }
    setColumnWidth(QuestionModel::kRunLikelihoods,
                   std::max(neededWidth(QuestionModel::kRunLikelihoods), viewport()->width() - used));
}

void QuestionTable::resizeEvent(QResizeEvent* event) {
    RowTable::resizeEvent(event);
    fitColumns();
}

void QuestionTable::copyAsCsv() const {
    QGuiApplication::clipboard()->setText(csvText());
}

void QuestionTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy)) return copyAsCsv();
    QTableView::keyPressEvent(event);
}

ViewTable QuestionTable::viewTable() const {
    ViewTable table;
    for (int column = 0; column < QuestionModel::kColumnCount; ++column) {
        QString title = sorted_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        if (isLikelihoods(column)) title += QStringLiteral(" ") + table.header.last();  // the run's own name
        table.header << title;
    }
    const auto* first = currentQuestion();
    const bool texts = first != nullptr && !first->choices.isEmpty();
    if (texts) table.header << tr("Question") << tr("Choices");
    for (int row = 0; row < sorted_->rowCount(); ++row) {
        const QuestionRow& question = model_->shown(sorted_->mapToSource(sorted_->index(row, 0)).row());
        QStringList cells;
        for (int column = 0; column < QuestionModel::kColumnCount; ++column)
            cells << (column == QuestionModel::kBaselineLikelihoods ? numbersText(question.baseline_log_likelihoods)
                      : column == QuestionModel::kRunLikelihoods
                          ? numbersText(question.run_log_likelihoods)
                          : sorted_->index(row, column).data().toString().remove(QStringLiteral(" ✓")));
        if (texts) cells << question.question << question.choices.join(QStringLiteral(" | "));
        table.rows.push_back(cells);
    }
    return table;
}

int QuestionTable::paintedRows() const {
    return std::min(sorted_->rowCount(), kMostPaintedRows);
}

void QuestionTable::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    const double scale = std::min(1.0, area.width() / std::max(1.0, viewSize().width()));
    painter.translate(area.topLeft());
    painter.scale(scale, scale);
    int x = 0;
    for (int column = 0; column < QuestionModel::kColumnCount; ++column) {
        const int width = columnWidth(column);
        painter.setFont(smallFont());
        painter.setPen(tokens.muted);
        const auto text = [&](int row, const QVariant& value) {
            painter.drawText(QRect(x + 9, row * kRowPixels, width - 18, kRowPixels), Qt::AlignLeft | Qt::AlignVCenter,
                             painter.fontMetrics().elidedText(value.toString(), Qt::ElideRight, width - 18));
        };
        text(0, sorted_->headerData(column, Qt::Horizontal, Qt::DisplayRole));
        painter.setFont(themeFont());
        painter.setPen(tokens.text);
        for (int row = 0; row < paintedRows(); ++row) text(row + 1, sorted_->index(row, column).data());
        x += width;
    }
}

QString QuestionTable::viewTitle() const {
    return model_->flipsOnly() ? tr("Questions that flipped") : tr("Questions");
}

QSizeF QuestionTable::viewSize() const {
    double width = 0.0;
    for (int column = 0; column < QuestionModel::kColumnCount; ++column) width += columnWidth(column);
    return {std::max(width, 200.0), static_cast<double>(kRowPixels * (paintedRows() + 1))};
}

}  // namespace quantoscope
