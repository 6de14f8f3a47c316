#include "app/workbench/jobs/job_icon.h"

#include <QPainter>

namespace quantoscope {
namespace {

constexpr int kSize = 16;
constexpr int kScale = 3;  // sharp up to 300 %

}  // namespace

QIcon jobIcon(JobState state, const Tokens& tokens) {
    if (state != JobState::paused && state != JobState::running) return {};
    QPixmap pixmap(kSize * kScale, kSize * kScale);
    pixmap.setDevicePixelRatio(kScale);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    if (state == JobState::paused) {
        painter.setBrush(tokens.warning);
        painter.drawRect(QRectF(4, 3, 3, 10));
        painter.drawRect(QRectF(9, 3, 3, 10));
    } else {
        painter.setBrush(tokens.accent);
        painter.drawPolygon(QPolygonF({{4, 3}, {13, 8}, {4, 13}}));
    }
    painter.end();
    return QIcon(pixmap);
}

}  // namespace quantoscope
