// Tabular figures: Qt 6.4 cannot ask a font for them, so digits are set one by one in cells of the widest digit's
// width.
#pragma once

#include <QRectF>
#include <QString>

class QFontMetricsF;
class QPainter;

namespace quantoscope {

double tabularWidth(const QFontMetricsF& metrics, const QString& text);
/// With the painter's font and pen, on one line, vertically centred, right-aligned in `area`.
void drawTabularText(QPainter& painter, const QRectF& area, const QString& text);

}  // namespace quantoscope
