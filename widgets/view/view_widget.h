// A widget that is one exportable view: what it paints on the screen is what it exports.
#pragma once

#include "widgets/export_view/exportable_view.h"
#include "widgets/view/painted_widget.h"

namespace quantoscope {

class ViewWidget : public PaintedWidget, public ExportableView {
    Q_OBJECT
public:
    ViewWidget(const QString& object_name, const ViewSizes& sizes, QWidget* parent);
    QSizeF viewSize() const override;  ///< as large as it is on the screen

protected:
    void paintEvent(QPaintEvent* event) override;  ///< paintView over the whole widget
    bool event(QEvent* event) override;
    /// Rich text for Qt's delayed tooltip. Views that read out while the mouse moves leave it empty: it would only
    /// repeat that.
    virtual QString toolTipAt(QPoint) { return {}; }
};

}  // namespace quantoscope
