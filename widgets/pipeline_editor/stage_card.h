// The card of one stage: title, a muted line, rows of chips, each with its "+".
#pragma once

#include <QFrame>
#include <optional>
#include <vector>

#include "widgets/pipeline_editor/pipeline_draft.h"

class QLabel;
class QVBoxLayout;

namespace quantoscope {

class ChipButton;

class StageCard : public QFrame {
    Q_OBJECT
public:
    StageCard(Stage stage, const QString& title, QWidget* parent = nullptr);
    Stage stage() const { return stage_; }
    void setSubtitle(const QString& text);
    void setChips(const std::vector<Chip>& chips);
    void setSelected(std::optional<ChipRef> chip);
    ChipButton* button(ChipRef chip) const;

signals:
    void chipSelected(quantoscope::ChipRef chip);
    void removeWanted(quantoscope::ChipRef chip);
    void duplicateWanted(quantoscope::ChipRef chip);
    void toggleWanted(quantoscope::ChipRef chip);
    void openWanted(quantoscope::ChipRef chip);
    void addWanted(quantoscope::ChipKind kind, QWidget* near);
    void titleClicked();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void addRow(ChipKind kind, const QString& name, const QString& unit, const std::vector<Chip>& chips);
    void connectChip(ChipButton* button, ChipKind kind);

    Stage stage_;
    QLabel* subtitle_ = nullptr;
    QVBoxLayout* layout_ = nullptr;
    QWidget* rows_ = nullptr;
    std::vector<ChipButton*> buttons_;
    bool selected_ = false;
};

}  // namespace quantoscope
