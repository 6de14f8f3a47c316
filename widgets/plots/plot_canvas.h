// Draws a PlotSpec. QCustomPlot, which does the drawing, appears in plot_items.h alone.
#pragma once

#include <memory>

#include "widgets/plots/plot_spec.h"
#include "widgets/view/view_widget.h"

namespace quantoscope {

/// Hover reads out, click on a point emits pointClicked, wheel zooms x, drag pans, double click fits again.
class PlotCanvas : public ViewWidget {
    Q_OBJECT
public:
    explicit PlotCanvas(QWidget* parent = nullptr);
    ~PlotCanvas() override;

    void setSpec(const PlotSpec& spec);
    const PlotSpec& spec() const;
    /// A vertical mark at x (the selected block), or none.
    void setMark(std::optional<double> x);

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override;

signals:
    void pointClicked(const QString& series_id, int point);
    void positionClicked(double x);

protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace quantoscope
