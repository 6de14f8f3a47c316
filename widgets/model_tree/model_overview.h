// The model as a picture: a column per block, a row per linear sized by bytes, coloured by dtype.
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "widgets/export_view/exportable_view.h"
#include "widgets/model_tree/model_node.h"

namespace quantoscope {

struct OverviewCell {
    int block = -1;
    LinearRole role = LinearRole::q_proj;
    int tensor = -1;
    QRectF area;  ///< in the view
};
/// Cells of all blocks' linears inside `area`; row heights are shared by all blocks and follow the largest bytes of the
/// row.
std::vector<OverviewCell> overviewLayout(const ModelFiles& files, const QRectF& area);

/// Hover reads out a tensor, click selects, double click opens. Arrow keys move.
class ModelOverview : public QWidget, public ExportableView {
    Q_OBJECT
public:
    explicit ModelOverview(QWidget* parent = nullptr);
    void setModel(std::shared_ptr<const ModelFiles> model);
    void setSelected(int block, std::optional<LinearRole> role);

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override;
    QSizeF viewSize() const override;
    QSize sizeHint() const override;

signals:
    void tensorSelected(int tensor, int block, quantoscope::LinearRole role);
    void tensorActivated(int tensor);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    const OverviewCell* cellAt(QPointF position) const;
    void layOut() const;

    std::shared_ptr<const ModelFiles> model_;
    int selected_block_ = -1;
    std::optional<LinearRole> selected_role_;
    mutable std::vector<OverviewCell> cells_;
    mutable QSizeF laid_out_for_;
};

}  // namespace quantoscope
