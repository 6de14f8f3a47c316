// An error in its place: one sentence, an action, the cause behind Details. Hidden until there is one.
#pragma once

#include <QWidget>

#include "core/base/result.h"

class QLabel;
class QPushButton;
class QToolButton;

namespace quantoscope {

class ErrorBanner : public QWidget {
    Q_OBJECT
public:
    explicit ErrorBanner(QWidget* parent = nullptr);
    /// Shows it; an error of kind `cancelled` is not one and hides the banner. An empty `action` shows no action
    /// button.
    void showError(const Error& error, const QString& action = {});
    void dismiss();

signals:
    void actionTriggered();
    void dismissed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QLabel* message_ = nullptr;
    QLabel* details_ = nullptr;
    QPushButton* action_ = nullptr;
    QToolButton* toggle_ = nullptr;
};

}  // namespace quantoscope
