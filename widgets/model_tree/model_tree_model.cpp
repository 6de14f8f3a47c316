#include "widgets/model_tree/model_tree_model.h"

#include <QFont>

#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {

struct ModelTreeModel::Entry {
    ModelNode node;  ///< without its children: those are entries of their own
    Entry* parent = nullptr;
    int row = 0;
    std::vector<std::unique_ptr<Entry>> children;

    static std::unique_ptr<Entry> make(ModelNode node, Entry* parent, int row) {
        auto entry = std::make_unique<Entry>();
        std::vector<ModelNode> children = std::move(node.children);
        entry->node = std::move(node);
        entry->parent = parent;
        entry->row = row;
        for (ModelNode& child : children)
            entry->children.push_back(make(std::move(child), entry.get(), static_cast<int>(entry->children.size())));
        return entry;
    }
};

ModelTreeModel::ModelTreeModel(QObject* parent) : QAbstractItemModel(parent) {}
ModelTreeModel::~ModelTreeModel() = default;

void ModelTreeModel::addModel(std::shared_ptr<const ModelFiles> model, const QString& name) {
    ModelNode tree = modelTree(*model);
    tree.label = name;
    const int row = static_cast<int>(roots_.size());
    beginInsertRows({}, row, row);
    roots_.push_back(Entry::make(std::move(tree), nullptr, row));
    models_.push_back(std::move(model));
    endInsertRows();
}

void ModelTreeModel::removeModel(int model) {
    if (model < 0 || model >= static_cast<int>(roots_.size())) return;
    beginRemoveRows({}, model, model);
    roots_.erase(roots_.begin() + model);
    models_.erase(models_.begin() + model);
    for (std::size_t i = 0; i < roots_.size(); ++i) roots_[i]->row = static_cast<int>(i);
    endRemoveRows();
}

const ModelTreeModel::Entry* ModelTreeModel::entry(const QModelIndex& index) const {
    return index.isValid() ? static_cast<const Entry*>(index.constInternalPointer()) : nullptr;
}

ModelSelection ModelTreeModel::selection(const QModelIndex& index) const {
    const Entry* own = entry(index);
    if (own == nullptr) return {};
    const Entry* top = own;
    while (top->parent != nullptr) top = top->parent;
    return {top->row, own->node.block, own->node.tensor, own->node.role};
}

QModelIndex ModelTreeModel::indexOf(int model, int block, std::optional<LinearRole> role) const {
    if (model < 0 || model >= static_cast<int>(roots_.size())) return {};
    for (const auto& group : roots_[static_cast<std::size_t>(model)]->children) {
        if (group->node.kind != ModelNodeKind::blocks) continue;
        for (const auto& child : group->children) {
            if (child->node.block != block) continue;
            if (!role) return createIndex(child->row, 0, child.get());
            for (const auto& tensor : child->children)
                if (tensor->node.role == role) return createIndex(tensor->row, 0, tensor.get());
        }
    }
    return {};
}

QModelIndex ModelTreeModel::index(int row, int column, const QModelIndex& parent) const {
    if (row < 0 || column < 0 || column >= columnCount() || parent.column() > 0) return {};
    const Entry* above = entry(parent);
    const auto& siblings = above != nullptr ? above->children : roots_;
    if (row >= static_cast<int>(siblings.size())) return {};
    return createIndex(row, column, siblings[static_cast<std::size_t>(row)].get());
}

QModelIndex ModelTreeModel::parent(const QModelIndex& child) const {
    const Entry* own = entry(child);
    if (own == nullptr || own->parent == nullptr) return {};
    return createIndex(own->parent->row, 0, own->parent);
}

int ModelTreeModel::rowCount(const QModelIndex& parent) const {
    if (parent.column() > 0) return 0;
    const Entry* above = entry(parent);
    return static_cast<int>((above != nullptr ? above->children : roots_).size());
}

int ModelTreeModel::columnCount(const QModelIndex&) const {
    return 2;
}

QVariant ModelTreeModel::data(const QModelIndex& index, int role) const {
    const Entry* own = entry(index);
    if (own == nullptr) return {};
    const ModelNode& node = own->node;
    const bool is_name = index.column() == 0;
    switch (role) {
        case Qt::DisplayRole:
            return is_name ? node.label : bytesText(node.bytes);
        case Qt::TextAlignmentRole:
            return QVariant::fromValue(Qt::Alignment((is_name ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter));
        case Qt::FontRole:
            return is_name && node.kind == ModelNodeKind::model ? QVariant(titleFont()) : QVariant();
        case Qt::ToolTipRole:
            break;
        default:
            return {};
    }
    if (node.kind == ModelNodeKind::blocks) return QStringLiteral("%1 blocks").arg(own->children.size());
    const QString text = node.label + QStringLiteral(", ") + bytesText(node.bytes);
    const bool lossy = node.kind == ModelNodeKind::model && isLossySource(*models_[static_cast<std::size_t>(own->row)]);
    return lossy ? text + QStringLiteral(", lossy source: its weights were rounded before") : text;
}

QVariant ModelTreeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    return section == 0 ? QStringLiteral("Model") : QStringLiteral("Size");
}

}  // namespace quantoscope
