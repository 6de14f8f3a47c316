#include "widgets/text/tabular_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>

namespace quantoscope {
namespace {

double digitWidth(const QFontMetricsF& metrics) {
    double widest = 0.0;
    for (char digit = '0'; digit <= '9'; ++digit)
        widest = std::max(widest, metrics.horizontalAdvance(QLatin1Char(digit)));
    return widest;
}

}  // namespace

double tabularWidth(const QFontMetricsF& metrics, const QString& text) {
    const double digit = digitWidth(metrics);
    double width = 0.0;
    for (const QChar letter : text) width += letter.isDigit() ? digit : metrics.horizontalAdvance(letter);
    return width;
}

void drawTabularText(QPainter& painter, const QRectF& area, const QString& text) {
    const QFontMetricsF metrics(painter.font());
    const double digit = digitWidth(metrics);
    const double baseline = area.center().y() + (metrics.ascent() - metrics.descent()) / 2;
    double x = area.right() - tabularWidth(metrics, text);
    for (const QChar letter : text) {
        const double own = metrics.horizontalAdvance(letter);
        const double cell = letter.isDigit() ? digit : own;
        painter.drawText(QPointF(x + (cell - own) / 2, baseline), QString(letter));
        x += cell;
    }
}

}  // namespace quantoscope
