// One chip: rounded, with a dot in the method's colour; selected, switched off or marked impossible.
#pragma once

#include <QAbstractButton>

#include "widgets/pipeline_editor/pipeline_draft.h"

namespace quantoscope {

/// What a person can ask of a chip, from its menu or the keyboard.
enum class ChipAction { remove, duplicate, toggle, copy, cut, paste, move_back, move_on, open, add };

/// Keyboard: arrows walk, Alt with arrows moves the chip, Delete removes, Space switches on and off, Ctrl+C/X/V/D copy,
/// cut, paste and duplicate, Insert adds. A drag with the mouse is reported; the row decides what it means.
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
    void actionWanted(quantoscope::ChipAction action);
    void dragMoved(QPoint global);
    void dragEnded();  ///< let go
    void dragCancelled();

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    bool event(QEvent* event) override;

private:
    bool wants(ChipAction action) const;
    void endDrag();

    Chip chip_;
    bool selected_ = false;
    bool dragging_ = false;
    QPoint press_;
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
