// Item models over opened models: the explorer tree and the tensor table.
#pragma once

#include <QAbstractItemModel>
#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include "widgets/model_tree/model_node.h"

namespace quantoscope {

/// What a row of the tree stands for.
struct ModelSelection {
    int model = -1;  ///< index in models()
    int block = -1;
    int tensor = -1;
    std::optional<LinearRole> role;
};

/// Column 0 the name, column 1 bytes (muted, right). Several models, each a top row.
class ModelTreeModel : public QAbstractItemModel {
    Q_OBJECT
public:
    using Models = std::vector<std::shared_ptr<const ModelFiles>>;
    explicit ModelTreeModel(QObject* parent = nullptr);
    ~ModelTreeModel() override;

    void addModel(std::shared_ptr<const ModelFiles> model, const QString& name);
    void removeModel(int model);
    const Models& models() const { return models_; }
    ModelSelection selection(const QModelIndex& index) const;
    /// The row of a linear (or of a block when `role` is empty); invalid when there is none.
    QModelIndex indexOf(int model, int block, std::optional<LinearRole> role) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Entry;  ///< a node with its parent and row
    const Entry* entry(const QModelIndex& index) const;

    Models models_;
    std::vector<std::unique_ptr<Entry>> roots_;
};

/// Name, shape, dtype, bytes, shard. Sort through TensorFilter, which compares numbers as numbers.
class TensorTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { name_column, shape_column, dtype_column, bytes_column, shard_column, column_count };
    static constexpr int kSortRole = Qt::UserRole + 1;
    explicit TensorTableModel(QObject* parent = nullptr);
    void setModel(std::shared_ptr<const ModelFiles> model);
    const TensorInfo* tensor(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const ModelFiles> model_;
};

/// Every word of the text must be somewhere in name, shape, dtype or shard (case does not matter).
class TensorFilter : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit TensorFilter(QObject* parent = nullptr);
    void setText(const QString& text);

protected:
    bool filterAcceptsRow(int source_row, const QModelIndex& source_parent) const override;

private:
    QStringList words_;
};

}  // namespace quantoscope
