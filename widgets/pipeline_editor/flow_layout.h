// Puts children side by side and wraps, like words in a paragraph.
#pragma once

#include <QLayout>
#include <vector>

namespace quantoscope {

class FlowLayout : public QLayout {
    Q_OBJECT
public:
    explicit FlowLayout(int spacing, QWidget* parent = nullptr);
    ~FlowLayout() override;
    void addItem(QLayoutItem* item) override;
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect& area) override;

private:
    enum class Action { measure, place };
    int layOut(const QRect& area, Action action) const;

    std::vector<QLayoutItem*> items_;
};

}  // namespace quantoscope
