// A table that shows whole rows only: half a row at the lower edge reads as one that is cut off.
#pragma once

#include <QTableView>

namespace quantoscope {

class RowTable : public QTableView {
    Q_OBJECT
public:
    using QTableView::QTableView;

protected:
    void updateGeometries() override;

private:
    bool snapping_ = false;
};

}  // namespace quantoscope
