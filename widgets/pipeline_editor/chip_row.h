// A row of chips inside a stage: a unit before them, a "+" behind them; chips of one kind change places by dragging.
#pragma once

#include <QPointer>
#include <QWidget>
#include <optional>
#include <vector>

#include "widgets/pipeline_editor/pipeline_draft.h"

class QLabel;

namespace quantoscope {

class ChipButton;
class FlowLayout;

class ChipRow : public QWidget {
    Q_OBJECT
public:
    ChipRow(const QString& unit, const std::vector<Chip>& chips, QWidget* parent = nullptr);
    ~ChipRow() override;
    void addWidget(QWidget* widget);  ///< behind the chips
    const std::vector<ChipButton*>& buttons() const { return buttons_; }
    /// The index a chip would get if it were let go at `position` (in the row); nothing off the row.
    std::optional<int> indexAt(const ChipButton& dragged, QPoint position) const;

signals:
    void chipDropped(quantoscope::ChipRef chip, int to);

protected:
    void paintEvent(QPaintEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void drag(ChipButton& chip, QPoint global);
    void drop(ChipButton& chip);
    void stopDrag();
    std::vector<ChipButton*> movable(const ChipButton& dragged) const;

    FlowLayout* flow_ = nullptr;
    std::vector<ChipButton*> buttons_;
    QPointer<QLabel> ghost_;  // the picture under the mouse, a child of the window
    std::optional<int> to_;
    QRect mark_;  // where the chip would go
};

}  // namespace quantoscope
