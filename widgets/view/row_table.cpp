#include "widgets/view/row_table.h"

#include <QHeaderView>
#include <QScopedValueRollback>

namespace quantoscope {

RowTable::RowTable(QWidget* parent) : QTableView(parent) {
    setTabKeyNavigation(false);
}

void RowTable::updateGeometries() {
    if (snapping_) return;
    const QScopedValueRollback guard(snapping_, true);
    QTableView::updateGeometries();
    const int row = verticalHeader()->defaultSectionSize();
    const int height = viewport()->height();
    if (model() == nullptr || height <= row || model()->rowCount() * row <= height) return;
    QMargins margins = viewportMargins();
    margins.setBottom(margins.bottom() + height % row);
    setViewportMargins(margins);
}

}  // namespace quantoscope
