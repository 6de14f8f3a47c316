// The colours, sizes and spacings everything in the window is drawn with: one table, two columns (dark, light).
#pragma once

#include <QColor>

class QPalette;
class QWidget;

namespace quantoscope {

struct Tokens {
    bool dark = true;
    QColor window;  ///< behind the panels
    QColor panel;   ///< docks, cards
    QColor raised;  ///< controls
    QColor line;
    QColor text;
    QColor muted;  ///< second-rank text that must still be read
    QColor faint;  ///< decoration only: never carries information
    QColor accent;
    QColor accent_background;  ///< selected rows and chips
    QColor on_accent;          ///< text on a filled accent
    QColor good;
    QColor warning;
    QColor bad;
};

/// Logical pixels; Qt scales them for HiDPI.
inline constexpr int kTextPixels = 13;
inline constexpr int kSmallTextPixels = 11;
inline constexpr int kRowPixels = 27;
inline constexpr int kCardRadius = 9;
inline constexpr int kControlRadius = 6;
inline constexpr int kCardPadding = 12;
inline constexpr int kGap = 8;
inline constexpr int kRunEdgePixels = 3;  ///< top edge of a run's card

const Tokens& darkTokens();
const Tokens& lightTokens();
/// The palette carries the theme: views ask it, so nothing global is needed. Use in paintEvent with palette().
const Tokens& tokensOf(const QPalette& palette);
const Tokens& tokensOf(const QWidget* widget);

/// `share` of `a` over `b`, 0 to 1, per sRGB channel.
QColor mixed(const QColor& a, const QColor& b, double share);
/// WCAG contrast ratio of two opaque colours, 1 to 21.
double contrastRatio(const QColor& a, const QColor& b);
/// `colour` made lighter or darker, hue kept, until it has `ratio` against `background`.
QColor withContrast(const QColor& colour, const QColor& background, double ratio);

}  // namespace quantoscope
