// The row below the menu: which page is shown, Run, Cancel and the device.
#pragma once

#include <QToolBar>
#include <QToolButton>

class QActionGroup;
class QComboBox;
class QPushButton;

namespace quantoscope {

class ModeBar : public QToolBar {
    Q_OBJECT

public:
    explicit ModeBar(QWidget* parent = nullptr);

    /// The entry's action: checkable, Ctrl+1 for the first.
    QAction* addMode(const QString& id, const QString& title);
    void setMode(const QString& id);
    QList<QAction*> modes() const;
    QPushButton* runButton() const { return run_; }
    QPushButton* cancelButton() const { return cancel_; }

signals:
    void modeChosen(const QString& id);

private:
    QActionGroup* group_ = nullptr;
    QAction* first_right_ = nullptr;  // modes are inserted before it
    QComboBox* device_ = nullptr;
    QPushButton* run_ = nullptr;
    QPushButton* cancel_ = nullptr;
};

}  // namespace quantoscope
