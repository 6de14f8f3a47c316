// The model as a picture: a column per block, a row per linear sized by bytes, coloured by dtype or by a measure.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "widgets/model_tree/model_node.h"
#include "widgets/theme/colour_map.h"
#include "widgets/view/view_widget.h"

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

/// A number for each tensor, to colour the cells by.
struct OverviewMeasure {
    QString label;  ///< "largest |w|"
    QString unit;
    ScaleKind scale = ScaleKind::linear;
    std::map<int, double> values;  ///< by tensor; missing: not known (yet)
};
/// Each linear's share of the bytes of all of them, in percent.
OverviewMeasure shareOfBytes(const ModelFiles& files);

/// Hover reads out a tensor, click selects, double click opens. Arrow keys move.
class ModelOverview : public ViewWidget {
    Q_OBJECT
public:
    explicit ModelOverview(QWidget* parent = nullptr);
    void setModel(std::shared_ptr<const ModelFiles> model);
    void setSelected(int block, std::optional<LinearRole> role);
    void setMeasure(std::optional<OverviewMeasure> measure);  ///< nothing: coloured by dtype
    const std::optional<OverviewMeasure>& measure() const { return measure_; }

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override;

signals:
    void tensorSelected(int tensor, int block, quantoscope::LinearRole role);
    void tensorActivated(int tensor);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    QString toolTipAt(QPoint position) override;

private:
    const OverviewCell* cellAt(QPointF position) const;
    void layOut() const;
    ValueRange measureRange(const std::vector<OverviewCell>& cells) const;
    QColor colourOf(const OverviewCell& cell, const ValueRange& range, const Tokens& tokens) const;
    void paintLabels(QPainter& painter, const QRectF& area, const std::vector<OverviewCell>& cells) const;
    void paintLegend(QPainter& painter, const QRectF& area, const std::vector<OverviewCell>& cells) const;

    std::shared_ptr<const ModelFiles> model_;
    int selected_block_ = -1;
    std::optional<LinearRole> selected_role_;
    std::optional<OverviewMeasure> measure_;
    mutable std::vector<OverviewCell> cells_;
    mutable QSizeF laid_out_for_;
};

}  // namespace quantoscope
