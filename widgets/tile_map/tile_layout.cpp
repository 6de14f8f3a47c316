#include "widgets/tile_map/tile_layout.h"

#include <algorithm>
#include <cmath>

namespace quantoscope {
namespace {

constexpr double kLargestTilePixels = 8.0;
constexpr double kSmallestView = 4.0;  // weights

}  // namespace

QString statisticLabel(TileStatistic statistic) {
    switch (statistic) {
        case TileStatistic::maximum:
            return QStringLiteral("largest magnitude");
        case TileStatistic::signed_mean:
            return QStringLiteral("signed mean");
        case TileStatistic::mean:
            break;
    }
    return QStringLiteral("mean magnitude");
}

const std::vector<float>& tileValues(const TileLevel& level, TileStatistic statistic) {
    switch (statistic) {
        case TileStatistic::maximum:
            return level.max_absolute;
        case TileStatistic::signed_mean:
            return level.signed_mean;
        case TileStatistic::mean:
            break;
    }
    return level.mean_absolute;
}

int levelForZoom(const TilePyramid& pyramid, double weights_per_pixel) {
    if (pyramid.levels.empty()) return -1;
    const double finest = static_cast<double>(pyramid.levels.front().tile_columns);
    if (finest / weights_per_pixel > kLargestTilePixels) return -1;
    int level = 0;
    for (std::size_t i = 1; i < pyramid.levels.size(); ++i)
        if (static_cast<double>(pyramid.levels[i].tile_columns) <= weights_per_pixel) level = static_cast<int>(i);
    return level;
}

QRectF clippedViewport(const QRectF& viewport, std::int64_t rows, std::int64_t columns) {
    const auto full_width = static_cast<double>(columns);
    const auto full_height = static_cast<double>(rows);
    const double width = std::clamp(viewport.width(), std::min(kSmallestView, full_width), full_width);
    const double height = std::clamp(viewport.height(), std::min(kSmallestView, full_height), full_height);
    const QPointF centre = viewport.center();
    return {std::clamp(centre.x() - width / 2, 0.0, full_width - width),
            std::clamp(centre.y() - height / 2, 0.0, full_height - height), width, height};
}

CropRequest cropFor(const QRectF& viewport, std::int64_t rows, std::int64_t columns, std::int64_t limit) {
    const auto start = [](double from, std::int64_t count) {
        return std::clamp(static_cast<std::int64_t>(std::floor(from)), std::int64_t{0}, count);
    };
    const auto length = [limit](double to, std::int64_t from, std::int64_t count) {
        return std::clamp(static_cast<std::int64_t>(std::ceil(to)) - from, std::int64_t{0},
                          std::min(limit, count - from));
    };
    CropRequest crop;
    crop.row = start(viewport.top(), rows);
    crop.column = start(viewport.left(), columns);
    crop.rows = length(viewport.bottom(), crop.row, rows);
    crop.columns = length(viewport.right(), crop.column, columns);
    return crop;
}

QImage colourTiles(const std::vector<float>& values, int rows, int columns, const ValueRange& range, ScaleKind scale,
                   ColourMap map, const Tokens& tokens) {
    if (rows < 1 || columns < 1 || values.size() < static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns))
        return {};
    constexpr int kShades = 256;
    std::vector<QRgb> shades(kShades);
    for (int i = 0; i < kShades; ++i)
        shades[static_cast<std::size_t>(i)] = mapColour(map, i / (kShades - 1.0), tokens).rgb();
    QImage image(columns, rows, QImage::Format_RGB32);
    if (image.isNull()) return {};
    for (int row = 0; row < rows; ++row) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(row));
        const float* source = values.data() + static_cast<std::ptrdiff_t>(row) * columns;
        for (int column = 0; column < columns; ++column) {
            const double position = scalePosition(static_cast<double>(source[column]), range, scale);
            // NOLINTNEXTLINE(bugprone-incorrect-roundings): never negative, and lround would be a call a pixel
            line[column] = shades[static_cast<std::size_t>(position * (kShades - 1) + 0.5)];
        }
    }
    return image;
}

std::vector<float> stripValues(const std::vector<float>& channels, double first, double last, int pixels) {
    std::vector<float> values(static_cast<std::size_t>(std::max(pixels, 0)));
    const auto count = static_cast<std::int64_t>(channels.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double from = first + (last - first) * static_cast<double>(i) / pixels;
        const double to = first + (last - first) * static_cast<double>(i + 1) / pixels;
        const auto begin = std::clamp(static_cast<std::int64_t>(std::floor(from)), std::int64_t{0}, count);
        const auto end = std::clamp(static_cast<std::int64_t>(std::ceil(to)), begin, count);
        for (auto channel = begin; channel < end; ++channel)
            values[i] = std::max(values[i], channels[static_cast<std::size_t>(channel)]);
    }
    return values;
}

}  // namespace quantoscope
