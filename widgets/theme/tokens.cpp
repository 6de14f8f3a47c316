#include "widgets/theme/tokens.h"

#include <QPalette>
#include <QWidget>
#include <algorithm>
#include <cmath>

namespace quantoscope {
namespace {

double linearChannel(double channel) {
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& colour) {
    return 0.2126 * linearChannel(colour.redF()) + 0.7152 * linearChannel(colour.greenF()) +
           0.0722 * linearChannel(colour.blueF());
}

}  // namespace

const Tokens& darkTokens() {
    static const Tokens tokens{true,      "#14161b", "#1b1e25", "#242832", "#2e333e", "#e6e9ef", "#98a1b2",
                               "#636c7d", "#5b9dff", "#1f3354", "#0b1526", "#3fb97b", "#e8a13a", "#ef5f6b"};
    return tokens;
}

const Tokens& lightTokens() {
    static const Tokens tokens{false,     "#eef0f4", "#ffffff", "#f5f6f9", "#dde1e8", "#1b2230", "#5d687c",
                               "#939db0", "#1b5cd0", "#e3edff", "#ffffff", "#0f7a48", "#945800", "#b82b3b"};
    return tokens;
}

const Tokens& tokensOf(const QPalette& palette) {
    return palette.color(QPalette::WindowText).lightness() > 127 ? darkTokens() : lightTokens();
}

const Tokens& tokensOf(const QWidget* widget) {
    return tokensOf(widget->palette());
}

QColor mixed(const QColor& a, const QColor& b, double share) {
    const auto channel = [share](double x, double y) { return static_cast<float>(x * share + y * (1.0 - share)); };
    return QColor::fromRgbF(channel(a.redF(), b.redF()), channel(a.greenF(), b.greenF()),
                            channel(a.blueF(), b.blueF()));
}

double contrastRatio(const QColor& a, const QColor& b) {
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QColor withContrast(const QColor& colour, const QColor& background, double ratio) {
    float hue = 0;
    float saturation = 0;
    float lightness = 0;
    colour.getHslF(&hue, &saturation, &lightness);
    const bool lighter = luminance(background) < 0.18;
    // Contrast grows steadily away from the background, so halving finds the lightness.
    float near = lighter ? 0.0F : 1.0F;
    float far = lighter ? 1.0F : 0.0F;
    for (int i = 0; i < 20; ++i) {
        const float middle = (near + far) / 2;
        const bool enough = contrastRatio(QColor::fromHslF(hue, saturation, middle), background) >= ratio &&
                            (lighter ? luminance(QColor::fromHslF(hue, saturation, middle)) > luminance(background)
                                     : luminance(QColor::fromHslF(hue, saturation, middle)) < luminance(background));
        (enough ? far : near) = middle;
    }
    return QColor::fromHslF(hue, saturation, far);
}

}  // namespace quantoscope
