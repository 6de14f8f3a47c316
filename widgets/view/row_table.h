// A table that shows whole rows only: half a row at the lower edge reads as one that is cut off. Tab leaves it; Qt's
// own walks along the cells and never comes out.
#pragma once

#include <QTableView>

namespace quantoscope {

class RowTable : public QTableView {
    Q_OBJECT
public:
    explicit RowTable(QWidget* parent = nullptr);

protected:
    void updateGeometries() override;

private:
    bool snapping_ = false;
};

}  // namespace quantoscope
