// The chain of stages from left to right. Holds no truth of its own: it shows a draft and emits the next one.
#pragma once

#include <QWidget>
#include <optional>

#include "widgets/pipeline_editor/chip_button.h"
#include "widgets/pipeline_editor/pipeline_draft.h"

class QLabel;

namespace quantoscope {

class StageCard;

/// Keyboard: Tab between cards, arrows inside a card; what a chip does with keys stands in chip_button.h.
class PipelineEditor : public QWidget {
    Q_OBJECT
public:
    explicit PipelineEditor(QWidget* parent = nullptr);
    void setCatalogue(const PipelineCatalogue& catalogue);
    /// Shows a draft (also for undo and redo); emits nothing. The selection is kept where the chip still exists.
    void setDraft(const PipelineDraft& draft);
    const PipelineDraft& draft() const { return draft_; }
    /// "≈ 14 min · 5.6 GB · 3.1 GB disk", or the sentence why the plan fails (`bad`).
    enum class EstimateState { good, bad };
    void setEstimate(const QString& text, EstimateState state = EstimateState::good);
    std::optional<ChipRef> selectedChip() const { return selected_; }
    void selectChip(std::optional<ChipRef> chip);
    /// Where the keyboard begins: the selected chip, else the first card's.
    QWidget* firstStop() const;

signals:
    /// One per user action. The page pushes it on its undo stack and calls setDraft.
    void draftEdited(const quantoscope::PipelineDraft& draft, const QString& label);
    void chipSelected(quantoscope::ChipRef chip);
    /// A stage's own settings are wanted (its title was clicked).
    void stageSelected(quantoscope::Stage stage);
    /// Data file for calibration or an evaluation is wanted: the page opens its file dialog.
    void dataFileWanted(quantoscope::ChipRef chip);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void rebuild();
    void orderTabs();
    void emitEdit(const std::optional<PipelineEdit>& edit);
    void act(ChipRef chip, ChipAction action);
    void copy(ChipRef chip) const;
    void paste();
    void connectCard(StageCard* card);
    void openAddMenu(ChipKind kind, QWidget* near);

    PipelineCatalogue catalogue_;
    PipelineDraft draft_;
    std::optional<ChipRef> selected_;
    std::vector<StageCard*> cards_;
    QLabel* count_ = nullptr;
    QLabel* estimate_ = nullptr;
    bool rebuilding_ = false;
};

}  // namespace quantoscope

Q_DECLARE_METATYPE(quantoscope::PipelineDraft)
