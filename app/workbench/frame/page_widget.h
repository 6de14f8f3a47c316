// What the frame asks of a page.
#pragma once

#include <QWidget>

namespace quantoscope {

class PageWidget : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;
    /// What the Inspector dock shows with this page.
    virtual QWidget* inspector() const = 0;
    /// Where the keyboard begins when the page is shown: what can be seen now; null: nowhere yet.
    virtual QWidget* firstView() const = 0;
};

}  // namespace quantoscope
