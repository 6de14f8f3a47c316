// An empty page says what goes there and offers the button that does it.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace quantoscope {

class EmptyState : public QWidget {
    Q_OBJECT
public:
    /// An empty `action` shows no button.
    EmptyState(const QString& title, const QString& sentence, const QString& action, QWidget* parent = nullptr);
    void setText(const QString& title, const QString& sentence, const QString& action);
    /// A plain button beside the first; an empty text hides it.
    void setSecondAction(const QString& action);
    QPushButton* button() const { return action_; }

signals:
    void actionTriggered();
    void secondActionTriggered();

private:
    QLabel* title_ = nullptr;
    QLabel* sentence_ = nullptr;
    QPushButton* action_ = nullptr;
    QPushButton* second_ = nullptr;
};

}  // namespace quantoscope
