#include "widgets/tile_map/tile_map_view.h"

#include <QPainter>
#include <QPointer>
#include <algorithm>
#include <cmath>

#include "widgets/heatmap/heatmap_painter.h"
#include "widgets/range_control/range_control.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr double kStripHeight = 30.0;
constexpr double kBarHeight = 20.0;
constexpr std::int64_t kLargestCrop = 1024;  // weights a side: 4 MB, drawn in a few milliseconds

void paintStrip(QPainter& painter, const QRectF& area, const ChannelStrip& strip, const QRectF& viewport,
                const Tokens& tokens) {
    const QRectF bars = area.adjusted(0, 2, 0, -2);
    const auto values = stripValues(strip.values, viewport.left(), viewport.right(), static_cast<int>(bars.width()));
    const float largest = values.empty() ? 0.0F : *std::max_element(values.begin(), values.end());
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(tokens.accent, tokens.panel, 0.8));
    painter.setRenderHint(QPainter::Antialiasing, false);
    for (std::size_t i = 0; i < values.size() && largest > 0.0F; ++i) {
        const double height = bars.height() * static_cast<double>(values[i] / largest);
        painter.drawRect(QRectF(bars.left() + static_cast<double>(i), bars.bottom() - height, 1, height));
    }
    const QString text = strip.label + QStringLiteral(", at most ") + valueText(static_cast<double>(largest));
    const QRectF box(bars.left(), bars.top(), QFontMetricsF(painter.font()).horizontalAdvance(text) + 8, 15);
    QColor veil = tokens.panel;
    veil.setAlphaF(0.8F);
    painter.fillRect(box, veil);
    painter.setPen(tokens.muted);
    painter.drawText(box, Qt::AlignCenter, text);
}

/// Outlined, at least a few pixels wide: a single channel of thousands must be found.
void paintMark(QPainter& painter, const QRectF& map, const QRectF& mark, const QRectF& viewport, const Tokens& tokens) {
    const double across = map.width() / viewport.width();
    const double down = map.height() / viewport.height();
    QRectF box(map.left() + (mark.left() - viewport.left()) * across, map.top() + (mark.top() - viewport.top()) * down,
               mark.width() * across, mark.height() * down);
    constexpr double kSmallest = 5.0;
    if (box.width() < kSmallest) box.adjust((box.width() - kSmallest) / 2, 0, (kSmallest - box.width()) / 2, 0);
    if (box.height() < kSmallest) box.adjust(0, (box.height() - kSmallest) / 2, 0, (kSmallest - box.height()) / 2);
    box = box.intersected(map.adjusted(1, 1, -1, -1));
    if (box.isEmpty()) return;
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(tokens.panel, 3.0));
    painter.drawRect(box);
    painter.setPen(QPen(tokens.accent, 1.5));
    painter.drawRect(box);
}

ColourMap mapOf(TileStatistic statistic) {
    return statistic == TileStatistic::signed_mean ? ColourMap::diverging : ColourMap::viridis;
}

std::vector<double> finiteSample(const std::vector<float>& values) {
    // A few thousand values fix the quantiles; all 200 000 tiles of a large linear would cost a frame.
    const std::size_t step = std::max<std::size_t>(1, values.size() / 8192);
    std::vector<double> sample;
    for (std::size_t i = 0; i < values.size(); i += step) sample.push_back(static_cast<double>(values[i]));
    return sample;
}

}  // namespace

TileMapView::TileMapView(QWidget* parent) : ViewWidget(QStringLiteral("tileMap"), {{420, 300}, {180, 120}}, parent) {
    setAccessibleName(QStringLiteral("Tile map"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

void TileMapView::setPyramid(std::shared_ptr<const TilePyramid> pyramid, std::int64_t rows, std::int64_t columns) {
    if (pyramid && pyramid == pyramid_ && rows == rows_ && columns == columns_) return;  // single weights stay on view
    const bool same_size = rows == rows_ && columns == columns_;
    pyramid_ = std::move(pyramid);
    rows_ = pyramid_ ? rows : 0;
    columns_ = pyramid_ ? columns : 0;
    if (!same_size) viewport_ = QRectF(0, 0, static_cast<double>(columns_), static_cast<double>(rows_));
    crop_area_.reset();
    ++request_number_;  // answers for the linear before are dropped
    invalidate();
}

void TileMapView::setTitle(const QString& title) {
    title_ = title;
    setAccessibleName(viewTitle());
}
void TileMapView::setUnit(const QString& unit) {
    unit_ = unit;
}

void TileMapView::setStatistic(TileStatistic statistic) {
    if (statistic == statistic_) return;
    statistic_ = statistic;
    invalidate();
}

void TileMapView::setScale(ScaleKind scale) {
    scale_ = scale;
    invalidate();
}

void TileMapView::setRange(std::optional<ValueRange> range) {
    range_ = range;
    invalidate();
}

void TileMapView::setChannelStrip(std::optional<ChannelStrip> strip) {
    strip_ = std::move(strip);
    update();
}

void TileMapView::setMark(std::optional<QRectF> mark) {
    mark_ = mark;
    update();
}

void TileMapView::setCropSource(CropSource source) {
    source_ = std::move(source);
    requestCrop();
}

ValueRange TileMapView::effectiveRange() const {
    if (range_) return *range_;
    if (!pyramid_ || pyramid_->levels.empty()) return {};
    auto sample = finiteSample(tileValues(pyramid_->levels.front(), statistic_));
    if (scale_ == ScaleKind::logarithmic) std::erase_if(sample, [](double value) { return value <= 0.0; });
    const ValueRange fitted = autoFitRange(std::move(sample));
    return mapOf(statistic_) == ColourMap::diverging ? symmetricRange(fitted) : fitted;
}

void TileMapView::setViewport(const QRectF& viewport) {
    viewport_ = clippedViewport(viewport, rows_, columns_);
    requestCrop();
    update();
    emit viewportChanged(viewport_);
}

void TileMapView::zoomToFit() {
    setViewport(QRectF(0, 0, static_cast<double>(columns_), static_cast<double>(rows_)));
}

QString TileMapView::zoomText() const {
    if (columns_ == 0) return {};
    const double per_pixel = viewport_.width() / std::max(frame(rect()).map.width(), 1.0);
    const QString zoom = per_pixel >= 1.0 ? QStringLiteral("1:%1").arg(valueText(std::round(per_pixel)))
                                          : QStringLiteral("%1:1").arg(valueText(std::round(1.0 / per_pixel)));
    return QStringLiteral("zoom %1 · columns %2–%3")
        .arg(zoom)
        .arg(static_cast<qint64>(std::floor(viewport_.left())))
        .arg(static_cast<qint64>(std::ceil(viewport_.right())) - 1);
}

TileMapFrame TileMapView::frame(const QRectF& area) const {
    const double strip = strip_ && !strip_->values.empty() ? kStripHeight : 0.0;
    TileMapFrame result;
    result.map = area.adjusted(0, 0, 0, -(strip + kBarHeight));
    result.strip = QRectF(area.left(), result.map.bottom(), area.width(), strip);
    result.colour_bar = QRectF(area.left(), result.strip.bottom() + 3, area.width(), kBarHeight - 3);
    return result;
}

QImage TileMapView::levelImage() const {
    const double per_pixel = viewport_.width() / std::max(frame(rect()).map.width() * devicePixelRatioF(), 1.0);
    const int level = std::max(0, levelForZoom(*pyramid_, per_pixel));
    if (image_level_ == level && !image_.isNull()) return image_;
    const TileLevel& tiles = pyramid_->levels[static_cast<std::size_t>(level)];
    image_ = colourTiles(tileValues(tiles, statistic_), static_cast<int>(tiles.rows), static_cast<int>(tiles.columns),
                         effectiveRange(), scale_, mapOf(statistic_), tokensOf(this));
    image_level_ = level;
    return image_;
}

void TileMapView::paintView(QPainter& painter, const QRectF& area) const {
    const Tokens& tokens = tokensOf(this);
    const TileMapFrame parts = frame(area);
    painter.setFont(smallFont());
    if (!pyramid_ || pyramid_->levels.empty() || viewport_.isEmpty()) {
        painter.setPen(tokens.muted);
        painter.drawText(area, Qt::AlignCenter, QStringLiteral("Choose a linear to see its weights"));
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    const QImage image = levelImage();
    const TileLevel& level = pyramid_->levels[static_cast<std::size_t>(std::max(image_level_, 0))];
    const auto tile_width = static_cast<double>(level.tile_columns);
    const auto tile_height = static_cast<double>(level.tile_rows);
    painter.drawImage(parts.map, image,
                      QRectF(viewport_.left() / tile_width, viewport_.top() / tile_height,
                             viewport_.width() / tile_width, viewport_.height() / tile_height));
    if (crop_area_ && QRectF(double(crop_area_->column), double(crop_area_->row), double(crop_area_->columns),
                             double(crop_area_->rows))
                          .contains(viewport_)) {
        if (crop_image_.isNull())
            crop_image_ = colourTiles(crop_.values, static_cast<int>(crop_.rows), static_cast<int>(crop_.columns),
                                      effectiveRange(), scale_, mapOf(statistic_), tokens);
        painter.drawImage(parts.map, crop_image_,
                          viewport_.translated(-double(crop_area_->column), -double(crop_area_->row)));
    }
    if (mark_) paintMark(painter, parts.map, *mark_, viewport_, tokens);
    if (!parts.strip.isEmpty()) paintStrip(painter, parts.strip, *strip_, viewport_, tokens);
    const QString unit =
        unit_.isEmpty() ? statisticLabel(statistic_) : unit_ + QStringLiteral(" · ") + statisticLabel(statistic_);
    const double bar =
        paintColourBar(painter, parts.colour_bar, effectiveRange(), scale_, mapOf(statistic_), unit, tokens);
    const double room = bar - parts.colour_bar.left() - 10;
    painter.setPen(tokens.muted);
    painter.drawText(parts.colour_bar, Qt::AlignLeft | Qt::AlignVCenter,
                     QFontMetricsF(painter.font()).elidedText(zoomText(), Qt::ElideRight, room));
}

void TileMapView::requestCrop() {
    if (!source_ || !pyramid_ || viewport_.isEmpty()) return;
    const double per_pixel = viewport_.width() / std::max(frame(rect()).map.width(), 1.0);
    if (levelForZoom(*pyramid_, per_pixel) >= 0) return;
    const CropRequest request = cropFor(viewport_, rows_, columns_, kLargestCrop);
    const std::uint64_t number = ++request_number_;
    source_(request, [view = QPointer<TileMapView>(this), number, request](Matrix crop) {
        // The queued call goes to the application, so that a view deleted meanwhile is only looked at on its own
        // thread.
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [view, number, request, crop = std::move(crop)]() mutable {
                if (view) view->takeCrop(number, request, std::move(crop));
            },
            Qt::QueuedConnection);
    });
}

void TileMapView::takeCrop(std::uint64_t number, const CropRequest& request, Matrix crop) {
    const bool right_size = crop.rows == request.rows && crop.columns == request.columns &&
                            crop.values.size() == static_cast<std::size_t>(request.rows * request.columns);
    if (number != request_number_ || !right_size) return;
    // Magnitudes where the statistic is one of magnitudes.
    if (statistic_ != TileStatistic::signed_mean)
        for (float& value : crop.values) value = std::abs(value);
    crop_ = std::move(crop);
    crop_area_ = request;
    crop_image_ = QImage();
    update();
}

qint64 TileMapView::keptBytes() const {
    return image_.sizeInBytes() + crop_image_.sizeInBytes() +
           static_cast<qint64>(crop_.values.size() * sizeof(crop_.values[0]));
}

void TileMapView::invalidate() {
    image_ = QImage();
    image_level_ = -1;
    crop_area_.reset();
    crop_image_ = QImage();
    requestCrop();
    update();
}

ViewTable TileMapView::viewTable() const {
    ViewTable table;
    table.header << QStringLiteral("first row") << QStringLiteral("first column") << statisticLabel(statistic_);
    if (!pyramid_ || pyramid_->levels.empty()) return table;
    const TileLevel& level = pyramid_->levels[static_cast<std::size_t>(std::max(image_level_, 0))];
    const std::vector<float>& values = tileValues(level, statistic_);
    for (std::int64_t i = 0; i < level.rows * level.columns && i < static_cast<std::int64_t>(values.size()); ++i) {
        const std::int64_t row = i / level.columns;
        const QRectF tile(double(i % level.columns * level.tile_columns), double(row * level.tile_rows),
                          double(level.tile_columns), double(level.tile_rows));
        if (!tile.intersects(viewport_)) continue;
        table.rows.push_back({QString::number(static_cast<qint64>(tile.top())),
                              QString::number(static_cast<qint64>(tile.left())),
                              exactText(static_cast<double>(values[static_cast<std::size_t>(i)]))});
    }
    return table;
}

QString TileMapView::viewTitle() const {
    return title_.isEmpty() ? QStringLiteral("Tile map") : title_;
}

}  // namespace quantoscope
