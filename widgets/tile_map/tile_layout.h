// Geometry and lookups of the tile map, without a window.
#pragma once

#include <QImage>
#include <QRectF>
#include <cstdint>
#include <vector>

#include "core/analysis/layer_record.h"
#include "core/tensor/matrix.h"
#include "widgets/theme/colour_map.h"

namespace quantoscope {

enum class TileStatistic { mean, maximum, signed_mean };

/// A part of a matrix, clipped to it.
struct CropRequest {
    std::int64_t row = 0;
    std::int64_t column = 0;
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    friend bool operator==(const CropRequest&, const CropRequest&) = default;
};

/// Where things are inside the view.
struct TileMapFrame {
    QRectF map;
    QRectF strip;  ///< empty without a channel strip
    QRectF colour_bar;
};

QString statisticLabel(TileStatistic statistic);  ///< "mean |w|" without the symbol: "mean magnitude"
const std::vector<float>& tileValues(const TileLevel& level, TileStatistic statistic);
/// The level to draw when one screen pixel covers `weights_per_pixel` weights: the coarsest whose tiles are not larger
/// than a pixel, or the finest. -1: single weights are wanted (a tile would cover more than 8 pixels).
int levelForZoom(const TilePyramid& pyramid, double weights_per_pixel);
/// `viewport` moved and shrunk into 0..columns x 0..rows, at least 4 weights wide and high.
QRectF clippedViewport(const QRectF& viewport, std::int64_t rows, std::int64_t columns);
/// The crop that covers `viewport`, at most `limit` weights a side.
CropRequest cropFor(const QRectF& viewport, std::int64_t rows, std::int64_t columns, std::int64_t limit);
QImage colourTiles(const std::vector<float>& values, int rows, int columns, const ValueRange& range, ScaleKind scale,
                   ColourMap map, const Tokens& tokens);
/// What one pixel of the strip shows: largest value of the channels it covers. `first` and `last` are columns of the
/// matrix.
std::vector<float> stripValues(const std::vector<float>& channels, double first, double last, int pixels);

}  // namespace quantoscope
