// What every widget that paints itself repeats: the size it likes, the size it needs, and the arrow keys as steps.
#pragma once

#include <QPoint>
#include <QWidget>
#include <optional>

class QKeyEvent;

namespace quantoscope {

struct ViewSizes {
    QSize preferred;
    QSize smallest;
};

class PaintedWidget : public QWidget {
    Q_OBJECT
public:
    PaintedWidget(const QString& object_name, const ViewSizes& sizes, QWidget* parent);
    QSize sizeHint() const override { return sizes_.preferred; }
    QSize minimumSizeHint() const override { return sizes_.smallest; }

private:
    ViewSizes sizes_;
};

/// Left, right, up and down as a step of one; nothing for other keys.
std::optional<QPoint> arrowStep(const QKeyEvent& event);

}  // namespace quantoscope
