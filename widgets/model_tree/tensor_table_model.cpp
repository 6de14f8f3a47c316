#include <numeric>

#include "widgets/model_tree/model_tree_model.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

qlonglong elements(const TensorInfo& tensor) {
    return std::accumulate(tensor.shape.begin(), tensor.shape.end(), qlonglong{1}, std::multiplies<>());
}

QVariant shown(const TensorInfo& tensor, int column) {
    switch (column) {
        case TensorTableModel::name_column:
            return QString::fromStdString(tensor.name);
        case TensorTableModel::shape_column:
            return shapeText(tensor.shape);
        case TensorTableModel::dtype_column:
            return dtypeText(tensor.dtype);
        case TensorTableModel::bytes_column:
            return bytesText(tensor.bytes);
        case TensorTableModel::shard_column:
            return QString::fromStdString(tensor.file);
        default:
            return {};
    }
}

}  // namespace

TensorTableModel::TensorTableModel(QObject* parent) : QAbstractTableModel(parent) {}

void TensorTableModel::setModel(std::shared_ptr<const ModelFiles> model) {
    beginResetModel();
    model_ = std::move(model);
    endResetModel();
}

const TensorInfo* TensorTableModel::tensor(int row) const {
    if (!model_ || row < 0 || row >= static_cast<int>(model_->tensors().size())) return nullptr;
    return &model_->tensors()[static_cast<std::size_t>(row)];
}

int TensorTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !model_ ? 0 : static_cast<int>(model_->tensors().size());
}

int TensorTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : column_count;
}

QVariant TensorTableModel::data(const QModelIndex& index, int role) const {
    const TensorInfo* own = tensor(index.row());
    if (own == nullptr || !index.isValid()) return {};
    const bool is_number = index.column() == shape_column || index.column() == bytes_column;
    if (role == Qt::DisplayRole) return shown(*own, index.column());
    if (role == kSortRole && index.column() == bytes_column) return QVariant::fromValue<qulonglong>(own->bytes);
    if (role == kSortRole && index.column() == shape_column) return elements(*own);
    if (role == kSortRole) return shown(*own, index.column());
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((is_number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    return {};
}

QVariant TensorTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    static const QStringList kTitles{QStringLiteral("Tensor"), QStringLiteral("Shape"), QStringLiteral("Type"),
                                     QStringLiteral("Bytes"), QStringLiteral("Shard")};
    if (orientation != Qt::Horizontal) return {};
    const bool is_number = section == shape_column || section == bytes_column;
    if (role == Qt::DisplayRole) return kTitles.value(section);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((is_number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    return {};
}

TensorFilter::TensorFilter(QObject* parent) : QSortFilterProxyModel(parent) {
    setSortRole(TensorTableModel::kSortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void TensorFilter::setText(const QString& text) {
    words_ = text.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

bool TensorFilter::filterAcceptsRow(int source_row, const QModelIndex& source_parent) const {
    QString all;
    for (const int column : {TensorTableModel::name_column, TensorTableModel::shape_column,
                             TensorTableModel::dtype_column, TensorTableModel::shard_column})
        all += sourceModel()->index(source_row, column, source_parent).data().toString() + QLatin1Char('\n');
    return std::all_of(words_.begin(), words_.end(),
                       [&](const QString& word) { return all.contains(word, Qt::CaseInsensitive); });
}

}  // namespace quantoscope
