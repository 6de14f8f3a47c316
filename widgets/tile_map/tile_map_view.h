// A linear's weights (or their errors) as a picture that zooms from the whole matrix down to single weights.
#pragma once

#include <QImage>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/analysis/layer_record.h"
#include "core/tensor/matrix.h"
#include "widgets/tile_map/tile_layout.h"
#include "widgets/view/view_widget.h"

namespace quantoscope {

/// Asked for weights when the zoom passes the finest tiles. Call `deliver` once, from any thread, with exactly the
/// asked rows and columns (or not at all, on failure); late answers are dropped.
using CropSource = std::function<void(const CropRequest& request, std::function<void(Matrix)> deliver)>;

struct ChannelStrip {
    QString label;              ///< "salience share"
    std::vector<float> values;  ///< per input channel (column)
};

/// Mouse: wheel zooms at the pointer, drag pans, click chooses a place, double click fits. Keyboard: + - zoom, arrows
/// pan, 0 fits.
class TileMapView : public ViewWidget {
    Q_OBJECT
public:
    explicit TileMapView(QWidget* parent = nullptr);

    /// rows x columns of the linear; null clears. Resets the view when the size changes.
    void setPyramid(std::shared_ptr<const TilePyramid> pyramid, std::int64_t rows, std::int64_t columns);
    void setTitle(const QString& title);
    void setUnit(const QString& unit);
    void setStatistic(TileStatistic statistic);
    void setScale(ScaleKind scale);
    void setRange(std::optional<ValueRange> range);  ///< nothing: auto-fit 0.5 to 99.5 %
    void setChannelStrip(std::optional<ChannelStrip> strip);
    /// A part of the matrix outlined on the map (rows and columns); nothing: none.
    void setMark(std::optional<QRectF> mark);
    std::optional<QRectF> mark() const { return mark_; }
    void setCropSource(CropSource source);
    TileStatistic statistic() const { return statistic_; }
    ValueRange effectiveRange() const;
    /// What is on view, in rows and columns of the matrix.
    QRectF viewport() const { return viewport_; }
    void setViewport(const QRectF& viewport);  ///< clipped to the matrix
    void zoomToFit();
    /// Memory of the pictures and weights that are kept so that a repaint need not make them again.
    qint64 keptBytes() const;
    /// "zoom 1:14 · columns 0–14335"
    QString zoomText() const;

    void paintView(QPainter& painter, const QRectF& area) const override;
    ViewTable viewTable() const override;
    QString viewTitle() const override;

signals:
    void viewportChanged(const QRectF& viewport);
    void positionClicked(qint64 row, qint64 column);

protected:
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    TileMapFrame frame(const QRectF& area) const;
    void requestCrop();
    void takeCrop(std::uint64_t number, const CropRequest& request, Matrix crop);
    void zoomAt(QPointF position, double factor);
    QString readOut(QPointF position) const;
    void invalidate();
    QImage levelImage() const;

    std::shared_ptr<const TilePyramid> pyramid_;
    std::int64_t rows_ = 0;
    std::int64_t columns_ = 0;
    QString title_;
    QString unit_;
    TileStatistic statistic_ = TileStatistic::mean;
    ScaleKind scale_ = ScaleKind::linear;
    std::optional<ValueRange> range_;
    std::optional<ChannelStrip> strip_;
    std::optional<QRectF> mark_;
    CropSource source_;
    std::uint64_t request_number_ = 0;
    std::optional<CropRequest> crop_area_;
    Matrix crop_;
    QRectF viewport_;
    QPointF press_;
    QRectF press_viewport_;
    bool dragging_ = false;
    mutable QImage image_;  ///< of the level on view, made when asked for
    mutable int image_level_ = -1;
    mutable QImage
        crop_image_;  ///< of crop_, made when asked for: colouring a million weights is no work for a repaint
};

}  // namespace quantoscope
