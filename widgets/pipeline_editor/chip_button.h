// One chip: rounded, with a dot in the method's colour; selected, switched off or marked impossible.
#pragma once

#include <QAbstractButton>

#include "widgets/pipeline_editor/pipeline_draft.h"

namespace quantoscope {

class ChipButton : public QAbstractButton {
    Q_OBJECT
public:
    explicit ChipButton(const Chip& chip, QWidget* parent = nullptr);
    const Chip& chip() const { return chip_; }
    void setSelected(bool selected);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void selected();
    void removeWanted();
    void duplicateWanted();
    void toggleWanted();
    void addWanted();
    void openWanted();  ///< double click or Enter on a chip that stands for a file

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    Chip chip_;
    bool selected_ = false;
};

/// The dashed "+" at the end of a row of chips.
class AddChipButton : public QAbstractButton {
    Q_OBJECT
public:
    AddChipButton(const QString& name, QWidget* parent = nullptr);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace quantoscope
