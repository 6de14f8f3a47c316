#include <algorithm>

#include "widgets/question_table/question_table.h"

namespace quantoscope {
namespace {

/// A, B, C …; a number beyond the alphabet.
QString choiceName(int choice) {
    if (choice < 0) return QStringLiteral("–");
    return choice < 26 ? QString(QChar('A' + choice)) : QString::number(choice + 1);
}

QString pickName(int pick, bool is_right) {
    if (pick < 0) return QStringLiteral("NaN");
    return choiceName(pick) + (is_right ? QStringLiteral(" ✓") : QString());
}

QString likelihoodsText(const std::vector<double>& values) {
    QStringList parts;
    for (const double value : values) parts << QString::number(value, 'f', 2).replace(QLatin1Char('-'), QChar(0x2212));
    return parts.join(QStringLiteral("   "));
}

/// By how much the pick leads: what a column of likelihoods is sorted by.
double lead(const std::vector<double>& values) {
    if (values.size() < 2) return 0.0;
    auto sorted = values;
    std::ranges::partial_sort(sorted, sorted.begin() + 2, std::greater<>());
    return sorted[0] - sorted[1];
}

QString changeText(const QuestionRow& row) {
    if (row.isFlip()) return row.runIsRight() ? QStringLiteral("wrong → right") : QStringLiteral("right → wrong");
    return row.baseline_pick == row.run_pick ? QString() : QStringLiteral("another wrong");
}

int verdict(const QuestionRow& row) {
    return row.isFlip() ? (row.runIsRight() ? 1 : -1) : 0;
}

}  // namespace

QuestionModel::QuestionModel(QObject* parent) : QAbstractTableModel(parent) {}

void QuestionModel::setContents(std::vector<QuestionRow> rows, const QString& baseline_name, const QString& run_name) {
    beginResetModel();
    rows_ = std::move(rows);
    baseline_name_ = baseline_name;
    run_name_ = run_name;
    select();
    endResetModel();
}

bool QuestionModel::setTexts(const std::vector<QuestionText>& texts) {
    if (texts.size() != rows_.size()) return false;
    bool all_fit = true;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const bool fits = texts[i].choices.size() == rows_[i].run_log_likelihoods.size();
        all_fit = all_fit && fits;
        if (!fits) continue;
        rows_[i].question = QString::fromStdString(texts[i].question);
        rows_[i].choices.clear();
        for (const auto& choice : texts[i].choices) rows_[i].choices << QString::fromStdString(choice);
    }
    return all_fit;
}

void QuestionModel::setFlipsOnly(bool flips_only) {
    if (flips_only == flips_only_) return;
    beginResetModel();
    flips_only_ = flips_only;
    select();
    endResetModel();
}

void QuestionModel::select() {
    shown_.clear();
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (!flips_only_ || rows_[i].isFlip()) shown_.push_back(i);
}

const QuestionRow& QuestionModel::shown(int row) const {
    return rows_[shown_[static_cast<std::size_t>(row)]];
}

int QuestionModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int QuestionModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kColumnCount;
}

QString QuestionModel::cellText(const QuestionRow& row, int column) const {
    switch (column) {
        case kNumber:
            return QString::number(row.number);
        case kRight:
            return choiceName(row.right);
        case kBaselinePick:
            return pickName(row.baseline_pick, row.baselineIsRight());
        case kRunPick:
            return pickName(row.run_pick, row.runIsRight());
        case kChange:
            return changeText(row);
        case kBaselineLikelihoods:
            return likelihoodsText(row.baseline_log_likelihoods);
        case kRunLikelihoods:
            return likelihoodsText(row.run_log_likelihoods);
        default:
            return {};
    }
}

QVariant QuestionModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const QuestionRow& row = shown(index.row());
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole:
            return cellText(row, column);
        case Qt::ToolTipRole:
            return column == kBaselineLikelihoods || column == kRunLikelihoods ? cellText(row, column) : row.question;
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(
                Qt::Alignment((column == kNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
        case kVerdictRole:
            return verdict(row);
        case kSortRole:
            if (column == kNumber) return row.number;
            if (column == kBaselineLikelihoods) return lead(row.baseline_log_likelihoods);
            if (column == kRunLikelihoods) return lead(row.run_log_likelihoods);
            return cellText(row, column);
        default:
            return {};
    }
}

QVariant QuestionModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == kNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    const bool likelihoods = section == kBaselineLikelihoods || section == kRunLikelihoods;
    if (role == Qt::ToolTipRole && likelihoods)
        return tr("Log-likelihood of each choice, A first (natural log); sorts by the lead of the likeliest");
    if (role != Qt::DisplayRole) return {};
    switch (section) {
        case kNumber:
            return tr("No.");
        case kRight:
            return tr("Right");
        case kBaselinePick:
            return baseline_name_;
        case kRunPick:
            return run_name_;
        case kChange:
            return tr("Change");
        default:
            return tr("Log-likelihoods");
    }
}

}  // namespace quantoscope
