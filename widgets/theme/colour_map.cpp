#include "widgets/theme/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace quantoscope {
namespace {

// Anchors of the published maps (matplotlib), evenly spaced; between them sRGB is mixed.
constexpr std::array<QRgb, 9> kViridis{0xff440154, 0xff472d7b, 0xff3b528b, 0xff2c728e, 0xff21918c,
                                       0xff28ae80, 0xff5ec962, 0xffaddc30, 0xfffde725};
constexpr std::array<QRgb, 10> kCividis{0xff00224e, 0xff123570, 0xff3b496c, 0xff575d6d, 0xff707173,
                                        0xff8a8678, 0xffa59c74, 0xffc3b369, 0xffe1cc55, 0xfffee838};

QColor between(std::span<const QRgb> anchors, double position) {
    const double place = position * static_cast<double>(anchors.size() - 1);
    const auto index = std::min(static_cast<std::size_t>(place), anchors.size() - 2);
    return mixed(QColor(anchors[index + 1]), QColor(anchors[index]), place - static_cast<double>(index));
}

QColor diverging(double position, const Tokens& tokens) {
    const QColor end = position < 0.5 ? tokens.accent : tokens.bad;
    return mixed(end, tokens.raised, std::abs(position - 0.5) * 2.0);
}

bool isLogarithmic(const ValueRange& range, ScaleKind scale) {
    return scale == ScaleKind::logarithmic && range.low > 0.0 && range.high > 0.0;
}

// Fewer bits stand out more from the panel: a contrast for each width, so neighbours differ and all are readable.
double contrastForBits(int bits, bool dark) {
    // On white more than this would turn orange into brown.
    const int steps = std::clamp(8 - bits, 0, 7);
    const double narrow = steps > 4 ? steps - 4 : 0;
    return dark ? 3.6 * std::pow(1.09, steps) * std::pow(1.22, narrow)
                : 2.3 * std::pow(1.08, steps) * std::pow(1.2, narrow);
}

}  // namespace

QColor mapColour(ColourMap map, double position, const Tokens& tokens) {
    const double place = std::isnan(position) ? 0.0 : std::clamp(position, 0.0, 1.0);
    switch (map) {
        case ColourMap::cividis:
            return between(kCividis, place);
        case ColourMap::diverging:
            return diverging(place, tokens);
        case ColourMap::viridis:
            break;
    }
    return between(kViridis, place);
}

double scalePosition(double value, const ValueRange& range, ScaleKind scale) {
    if (std::isnan(value)) return 0.0;
    if (!(range.high > range.low)) return value > range.high ? 1.0 : value < range.low ? 0.0 : 0.5;
    if (isLogarithmic(range, scale)) {
        if (value <= 0.0) return 0.0;
        return std::clamp(std::log(value / range.low) / std::log(range.high / range.low), 0.0, 1.0);
    }
    return std::clamp((value - range.low) / (range.high - range.low), 0.0, 1.0);
}

double scaleValue(double position, const ValueRange& range, ScaleKind scale) {
    if (isLogarithmic(range, scale)) return range.low * std::pow(range.high / range.low, position);
    return range.low + position * (range.high - range.low);
}

ValueRange symmetricRange(const ValueRange& range) {
    const double reach = std::max(std::abs(range.low), std::abs(range.high));
    return {-reach, reach};
}

QColor runColour(const QString& hue, int bits, const Tokens& tokens) {
    const QColor own(hue);
    if (bits <= 0 || !own.isValid()) return tokens.dark ? QColor("#c9cfdb") : QColor("#6b7488");
    return withContrast(own, tokens.panel, contrastForBits(bits, tokens.dark));
}

}  // namespace quantoscope
