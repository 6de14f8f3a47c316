// The runs as a tree: run folders with their configurations, colour dot, perplexity, disk use.
#pragma once

#include <QAbstractItemModel>
#include <QPalette>
#include <QPersistentModelIndex>
#include <vector>

#include "app/workbench/session/run_entry.h"

namespace quantoscope {

class RunTreeModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { name_column, value_column, column_count };

    explicit RunTreeModel(QObject* parent = nullptr) : QAbstractItemModel(parent) {}

    void setFolders(const std::vector<RunFolderEntry>& folders);
    void setBaseline(const RunKey& run);
    void setTokens(const Tokens& tokens);

    /// The run of a row; null for a folder row.
    RunKey runAt(const QModelIndex& index) const;
    /// The folder of a row, for both kinds.
    QString folderAt(const QModelIndex& index) const;
    QModelIndex indexOf(const RunKey& run) const;
    QModelIndex indexOfFolder(const QString& folder) const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    /// Folder names are edited in place.
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

signals:
    void renamed(const QString& folder, const QString& name);

private:
    const RunFolderEntry* folder(const QModelIndex& index) const;
    const RunEntry* run(const QModelIndex& index) const;
    QVariant folderData(const RunFolderEntry& folder, int column, int role) const;
    QVariant runData(const RunEntry& run, int column, int role) const;
    bool sameRows(const std::vector<RunFolderEntry>& folders) const;

    std::vector<RunFolderEntry> folders_;
    RunKey baseline_;
    const Tokens* tokens_ = &darkTokens();
};

/// "6.54", "75 %" while it runs, "failed".
QString runValueText(const RunEntry& run, const RunEntry* baseline = nullptr);
/// One tooltip line per fact.
QString runToolTip(const RunEntry& run);

}  // namespace quantoscope
