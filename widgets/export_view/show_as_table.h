// The twin of a drawn view for people who read tables (or have a screen reader): the same numbers, sortable, copyable.
#pragma once

#include <QAbstractTableModel>

#include "widgets/export_view/exportable_view.h"

class QDialog;
class QWidget;

namespace quantoscope {

/// A ViewTable as an item model; numbers sort as numbers (Qt::EditRole holds a double where a cell is one).
class ViewTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    explicit ViewTableModel(ViewTable table, QObject* parent = nullptr);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    ViewTable table_;
};

/// Opens (not modal, deletes itself) a window with the view's numbers as of now.
QDialog* showAsTable(QWidget* parent, const ExportableView& view);

}  // namespace quantoscope
