// Values to colours: sequential viridis and cividis, a diverging map around zero, and the colour of a run.
#pragma once

#include <QColor>
#include <QRgb>
#include <QString>

#include "widgets/theme/tokens.h"

namespace quantoscope {

enum class ColourMap { viridis, cividis, diverging };
enum class ScaleKind { linear, logarithmic };

/// Closed interval of values that the colours span.
struct ValueRange {
    double low = 0.0;
    double high = 1.0;
    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

/// `position` 0 to 1 (clamped; not a number gives 0). Diverging: 0.5 is the panel colour, so zero disappears.
QColor mapColour(ColourMap map, double position, const Tokens& tokens);
/// Where `value` lies in `range`, 0 to 1, clamped. Logarithmic needs a positive range, else it falls back to linear.
double scalePosition(double value, const ValueRange& range, ScaleKind scale);
/// The value at a position; inverse of scalePosition inside the range.
double scaleValue(double position, const ValueRange& range, ScaleKind scale);
/// The range grown to be symmetric around zero, for diverging maps.
ValueRange symmetricRange(const ValueRange& range);

/// Hue = the method's own (MethodDescription::hue), shade by bit width; bits 0 is full precision: neutral. Fewer bits
/// stand out more; 4 bits and fewer have at least 3:1 against the panel.
QColor runColour(const QString& hue, int bits, const Tokens& tokens);

}  // namespace quantoscope
