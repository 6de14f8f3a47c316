// A slim band above a page that explains it in a sentence or two. It takes no focus by itself and blocks nothing; its
// button, or Escape while the focus is in it, puts it away.
#pragma once

#include <QWidget>

class QLabel;
class QToolButton;

namespace quantoscope {

class TipStrip : public QWidget {
    Q_OBJECT
public:
    explicit TipStrip(QWidget* parent = nullptr);
    /// An empty `text` hides the strip.
    void setTip(const QString& title, const QString& text);
    QString tip() const { return tip_; }

signals:
    void dismissed();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QString tip_;
    QLabel* text_ = nullptr;
    QToolButton* close_ = nullptr;
};

}  // namespace quantoscope
