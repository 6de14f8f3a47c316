// Draws a score cell: the run's dot and name, or the value in tabular figures with its Δ behind it.
#pragma once

#include <QStyledItemDelegate>

namespace quantoscope {

class ScoreDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

}  // namespace quantoscope
