#include <algorithm>
#include <cmath>

#include "widgets/score_table/score_table.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

constexpr int kNameColumn = 0;
constexpr int kFirstScore = 2;

// Two decimals line up; a collapsed run's perplexity is told by its size alone. Percentages have one, as in papers.
QString scoreText(double value, bool percent) {
    return std::abs(value) < 1000.0
               ? QString::number(value, 'f', percent ? 1 : 2).replace(QLatin1Char('-'), QChar(0x2212))
               : valueText(value);
}

bool isPercent(const ScoreColumn* column) {
    return column != nullptr && column->unit == QLatin1String("%");
}

/// Smaller differences are not shown: they would read as zero.
double smallestDelta(bool percent) {
    return percent ? 0.05 : 0.005;
}

QString scoreDelta(double delta, bool percent) {
    if (std::abs(delta) < smallestDelta(percent)) return QStringLiteral("±0");
    return delta > 0 ? QLatin1Char('+') + scoreText(delta, percent) : scoreText(delta, percent);
}

}  // namespace

ScoreTableModel::ScoreTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void ScoreTableModel::setContents(std::vector<ScoreColumn> columns, std::vector<ScoreRow> rows) {
    beginResetModel();
    columns_ = std::move(columns);
    rows_ = std::move(rows);
    endResetModel();
}

void ScoreTableModel::setPinned(const QString& row_id) {
    pinned_ = row_id;
    if (rows_.empty()) return;
    emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int ScoreTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int ScoreTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : kFirstScore + static_cast<int>(columns_.size()) + 2;
}

const ScoreRow* ScoreTableModel::pinnedRow() const {
    const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const ScoreRow& row) { return row.id == pinned_; });
    return found == rows_.end() || pinned_.isEmpty() ? nullptr : &*found;
}

std::optional<double> ScoreTableModel::number(const ScoreRow& row, int column) const {
    const int score = column - kFirstScore;
    const int scores = static_cast<int>(columns_.size());
    if (column == kBitsColumn) return row.bits_per_weight;
    if (score == scores) return row.bytes ? std::optional<double>(static_cast<double>(*row.bytes)) : std::nullopt;
    if (score == scores + 1) return row.seconds;
    if (score < 0 || score >= scores) return std::nullopt;
    const auto found = row.scores.find(columns_[static_cast<std::size_t>(score)].id);
    return found == row.scores.end() ? std::nullopt : std::optional<double>(found->second);
}

const ScoreColumn* ScoreTableModel::scoreColumn(int column) const {
    const int score = column - kFirstScore;
    return score >= 0 && score < static_cast<int>(columns_.size()) ? &columns_[static_cast<std::size_t>(score)]
                                                                   : nullptr;
}

std::optional<double> ScoreTableModel::standardError(const ScoreRow& row, int column) const {
    const auto* score = scoreColumn(column);
    if (score == nullptr) return std::nullopt;
    const auto found = row.standard_errors.find(score->id);
    return found == row.standard_errors.end() ? std::nullopt : std::optional<double>(found->second);
}

const PublishedScore* ScoreTableModel::published(const ScoreRow& row, int column) const {
    const auto* score = scoreColumn(column);
    if (score == nullptr) return nullptr;
    const auto found = row.published.find(score->id);
    return found == row.published.end() ? nullptr : &found->second;
}

QString ScoreTableModel::cellHelp(const ScoreRow& row, int column) const {
    const auto* score = scoreColumn(column);
    const auto value = number(row, column);
    if (score == nullptr || !value) return {};
    QString text = score->label + QStringLiteral(": ") + exactText(*value) + QLatin1Char(' ') + score->unit;
    if (const auto error = standardError(row, column))
        text += QStringLiteral("\nstandard error ") + valueText(*error, score->unit);
    if (const auto* other = published(row, column))
        text += QLatin1Char('\n') + valueText(other->value, score->unit) + QStringLiteral(" in ") + other->source;
    if (const auto* compared = againstPin(row, column)) text += QLatin1Char('\n') + compared->help;
    if (score->chance) text += QStringLiteral("\nguessing scores ") + valueText(*score->chance, score->unit);
    return text;
}

const ScoreDifference* ScoreTableModel::againstPin(const ScoreRow& row, int column) const {
    const auto* score = scoreColumn(column);
    if (score == nullptr || !delta(row, column)) return nullptr;
    const auto found = row.against_pin.find(score->id);
    return found == row.against_pin.end() ? nullptr : &found->second;
}

std::optional<double> ScoreTableModel::delta(const ScoreRow& row, int column) const {
    const ScoreRow* pin = pinnedRow();
    if (scoreColumn(column) == nullptr || pin == nullptr || pin == &row) return std::nullopt;
    const auto own = number(row, column);
    const auto base = number(*pin, column);
    return own && base ? std::optional<double>(*own - *base) : std::nullopt;
}

QString ScoreTableModel::deltaText(const ScoreRow& row, int column) const {
    const auto difference = delta(row, column);
    if (!difference) return {};
    const auto* compared = againstPin(row, column);
    const QString text = scoreDelta(*difference, isPercent(scoreColumn(column)));
    return compared != nullptr && !compared->told_apart ? QStringLiteral("≈ ") + text : text;
}

int ScoreTableModel::verdict(const ScoreRow& row, int column) const {
    const auto difference = delta(row, column);
    if (!difference) return 0;
    const auto* score = scoreColumn(column);
    const double least = smallestDelta(isPercent(score));
    if (const auto* compared = againstPin(row, column)) {
        if (!compared->told_apart || std::abs(*difference) < least) return 0;
    } else if (std::abs(*difference) < std::max(least, standardError(row, column).value_or(0.0))) {
        return 0;
    }
    return (*difference < 0.0) == score->lower_is_better ? 1 : -1;
}

/// What only scores have.
QVariant ScoreTableModel::scoreData(const ScoreRow& row, int column, int role) const {
    const auto error = standardError(row, column);
    const auto* compared = againstPin(row, column);
    switch (role) {
        case kDeltaRole:
            return deltaText(row, column);
        case kDeltaRoomRole:
            return scoreColumn(column) != nullptr && pinnedRow() != nullptr;
        case kBetterRole:
            return verdict(row, column);
        case kErrorRole:
            return error ? QStringLiteral("± ") + scoreText(*error, isPercent(scoreColumn(column))) : QString();
        case kErrorValueRole:
            return error ? QVariant(*error) : QVariant();
        case kErrorRoomRole:
            return std::ranges::any_of(rows_,
                                       [&](const ScoreRow& other) { return standardError(other, column).has_value(); });
        case kPublishedRole:
            return published(row, column) != nullptr ? QVariant(published(row, column)->value) : QVariant();
        case kPublishedRoomRole:
            return std::ranges::any_of(rows_,
                                       [&](const ScoreRow& other) { return published(other, column) != nullptr; });
        case kIntervalRole:
            if (compared == nullptr) return {};
            return QVariantList{delta(row, column).value_or(0.0), compared->low, compared->high, compared->told_apart};
        case kIntervalRoomRole:
            return std::ranges::any_of(rows_,
                                       [&](const ScoreRow& other) { return againstPin(other, column) != nullptr; });
        default:
            return {};
    }
}

QVariant ScoreTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const ScoreRow& row = rows_[static_cast<std::size_t>(index.row())];
    const int column = index.column();
    const auto own = number(row, column);
    const bool is_score = scoreColumn(column) != nullptr;
    switch (role) {
        case Qt::DisplayRole:
            if (column == kNameColumn) return row.name;
            if (!own) return QStringLiteral("–");
            if (std::isnan(*own)) return QStringLiteral("NaN");
            if (is_score || column == kBitsColumn) return scoreText(*own, isPercent(scoreColumn(column)));
            return column == columnCount() - 1 ? durationText(*own) : bytesText(*row.bytes);
        case kSortRole:
            return column == kNameColumn ? QVariant(row.name) : own ? QVariant(*own) : QVariant();
        case Qt::DecorationRole:
            return column == kNameColumn ? QVariant(row.colour) : QVariant();
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(
                Qt::Alignment((column == kNameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
        case kRowIdRole:
            return row.id;
        case Qt::ToolTipRole:
            return column == kNameColumn ? row.name : cellHelp(row, column);
        default:
            return scoreData(row, column, role);
    }
}

QVariant ScoreTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    const ScoreColumn* column = scoreColumn(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((section == kNameColumn ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole && column != nullptr)
        return column->definition +
               (column->lower_is_better ? QStringLiteral(" (lower is better)") : QStringLiteral(" (higher is better)"));
    if (role == Qt::ToolTipRole && section == kBitsColumn)
        return QStringLiteral("bits per weight over the linears of the blocks, with scales and zero points");
    if (role == Qt::ToolTipRole && section == columnCount() - 2)
        return QStringLiteral("the most memory that the run took beside the model's file");
    if (role != Qt::DisplayRole) return {};
    if (column != nullptr)
        return column->label + (isPercent(column) ? QStringLiteral(" %") : QString()) +
               (column->lower_is_better ? QStringLiteral(" ↓") : QStringLiteral(" ↑"));
    if (section == kNameColumn) return QStringLiteral("Run");
    if (section == kBitsColumn) return QStringLiteral("Bits");
    return section == kFirstScore + static_cast<int>(columns_.size()) ? QStringLiteral("Memory")
                                                                      : QStringLiteral("Time");
}

}  // namespace quantoscope
