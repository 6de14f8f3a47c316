// Histogram of the values on view with two handles: which of them the colours span.
#pragma once

#include <vector>

#include "widgets/theme/colour_map.h"
#include "widgets/view/painted_widget.h"

class QLabel;
class QToolButton;

namespace quantoscope {

/// From the `low_share` to the `high_share` quantile (linear between neighbours); {0, 1} without values.
ValueRange autoFitRange(std::vector<double> values, double low_share = 0.005, double high_share = 0.995);
/// Counts of `values` in `bins` equal steps of `range` (in the scale's own spacing), values outside left out.
std::vector<int> histogramCounts(const std::vector<double>& values, const ValueRange& range, ScaleKind scale, int bins);

/// The strip with the bars and handles. Keyboard: Tab picks a handle, arrows move it, Home auto-fits.
class RangeStrip : public PaintedWidget {
    Q_OBJECT
public:
    explicit RangeStrip(QWidget* parent = nullptr);
    void setValues(const std::vector<double>& values, ScaleKind scale);
    void setColourMap(ColourMap map);
    void setRange(const ValueRange& range);
    ValueRange range() const { return range_; }

signals:
    void rangeEdited(quantoscope::ValueRange range);
    void autoFitWanted();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    enum class Handle { none, low, high };
    double xOf(double value) const;
    double valueAt(double x) const;
    void moveHandle(double value);

    std::vector<int> counts_;
    ValueRange extent_;  ///< of all values
    ValueRange range_;
    ScaleKind scale_ = ScaleKind::linear;
    ColourMap map_ = ColourMap::viridis;
    Handle active_ = Handle::low;
    bool dragging_ = false;
};

/// Strip, read-out ("0.004 – 0.21"), auto-fit and lock buttons. Unlocked, the range follows the values.
class RangeControl : public QWidget {
    Q_OBJECT
public:
    explicit RangeControl(QWidget* parent = nullptr);
    void setValues(const std::vector<double>& values, ScaleKind scale);  ///< e.g. of all compared maps
    void setColourMap(ColourMap map);
    void setUnit(const QString& unit);
    void setRange(const ValueRange& range);
    ValueRange range() const;
    bool isLocked() const;
    void setLocked(bool locked);

signals:
    void rangeChanged(quantoscope::ValueRange range);  ///< by the user, or by following new values
    void lockChanged(bool locked);

private:
    void autoFit();
    void showRange();

    RangeStrip* strip_ = nullptr;
    QLabel* read_out_ = nullptr;
    QToolButton* fit_ = nullptr;
    QToolButton* lock_ = nullptr;
    std::vector<double> values_;
    QString unit_;
    bool edited_ = false;
};

}  // namespace quantoscope
