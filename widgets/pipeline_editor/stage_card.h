// The card of one stage: title, switch, a muted line, rows of chips, each with its "+".
#pragma once

#include <QFrame>
#include <optional>
#include <vector>

#include "widgets/pipeline_editor/chip_button.h"
#include "widgets/pipeline_editor/pipeline_draft.h"

class QCheckBox;
class QLabel;
class QVBoxLayout;

namespace quantoscope {

class StageCard : public QFrame {
    Q_OBJECT
public:
    explicit StageCard(Stage stage, QWidget* parent = nullptr);
    Stage stage() const { return stage_; }
    void setSubtitle(const QString& text);
    void setChips(const std::vector<Chip>& chips);
    void setSwitchedOn(bool on);  ///< emits nothing
    void setSelected(std::optional<ChipRef> chip);
    ChipButton* button(ChipRef chip) const;
    std::vector<QWidget*> tabOrder() const;
    QWidget* tabStop() const;  ///< what Tab goes to; null in an empty card

signals:
    void chipSelected(quantoscope::ChipRef chip);
    void actionWanted(quantoscope::ChipRef chip, quantoscope::ChipAction action);
    void chipDropped(quantoscope::ChipRef chip, int to);
    void addWanted(quantoscope::ChipKind kind, QWidget* near);
    void toggleWanted();
    void titleClicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* buildHeading();
    void addRow(ChipKind kind, const QString& name, const QString& unit, const std::vector<Chip>& chips);
    void connectChip(ChipButton* button, ChipKind kind);
    void addStop(QAbstractButton* stop);
    void takeStop(QObject* stop);
    bool walk(QObject* from, int key);

    Stage stage_;
    QLabel* title_ = nullptr;
    QCheckBox* switch_ = nullptr;  // none where a stage is always on
    QLabel* subtitle_ = nullptr;
    QVBoxLayout* layout_ = nullptr;
    QWidget* rows_ = nullptr;
    std::vector<ChipButton*> buttons_;
    std::vector<QAbstractButton*> stops_;  // what the arrows walk over; Tab stops at one of them
    bool selected_ = false;
};

}  // namespace quantoscope
