// Block x linear map of one metric of one run (or of the difference of two).
#pragma once

#include <optional>

#include "widgets/heatmap/heatmap_data.h"
#include "widgets/view/view_widget.h"

namespace quantoscope {

/// Live: call setData or addBlock as blocks finish. Mouse: hover reads out, click selects, double click activates.
/// Keyboard: arrows move the selection, Home/End to the first/last block, Enter activates, Esc clears.
class HeatmapView : public ViewWidget {
    Q_OBJECT
public:
    explicit HeatmapView(QWidget* parent = nullptr);

    void setTitle(const QString& title);              ///< for export and accessibility: the run's name
    void setMetric(const MetricDescription& metric);  ///< also sets its default scale and map
    void setData(const HeatmapData& data);
    void addBlock(const LayerRecord& record);           ///< enters one block's value of the current metric
    void setPinned(std::optional<HeatmapData> pinned);  ///< for the Δ in tooltips
    /// Colours span this range; nothing: 0.5 to 99.5 % of what is there, following the data.
    void setRange(std::optional<ValueRange> range);
    void setScale(ScaleKind scale);
    void setColourMap(ColourMap map);  ///< diverging = difference mode: range symmetric around zero
    /// From outside (the shared selection); emits nothing.
    void setSelected(std::optional<HeatmapCell> cell);

    const HeatmapData& data() const { return data_; }
    ValueRange effectiveRange() const;
    std::optional<HeatmapCell> selected() const { return selected_; }
    std::optional<HeatmapCell> cellAt(QPointF position) const;

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override;

signals:
    void cellSelected(quantoscope::HeatmapCell cell);  ///< by the user
    void cellActivated(quantoscope::HeatmapCell cell);
    void cellHovered(quantoscope::HeatmapCell cell);
    void hoverLeft();
    void selectionCleared();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void select(HeatmapCell cell);
    void updateDescription();

    QString title_;
    MetricDescription metric_;
    HeatmapData data_;
    std::optional<HeatmapData> pinned_;
    std::optional<ValueRange> range_;
    ScaleKind scale_ = ScaleKind::linear;
    ColourMap map_ = ColourMap::viridis;
    std::optional<HeatmapCell> selected_;
    std::optional<HeatmapCell> hovered_;
};

}  // namespace quantoscope
