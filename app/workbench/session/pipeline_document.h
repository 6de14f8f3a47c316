// The pipeline being edited: a draft with undo and redo, its file, and the plan of what it would do.
#pragma once

#include <QObject>
#include <QTimer>
#include <QUndoStack>
#include <memory>
#include <optional>

#include "app/workbench/session/background.h"
#include "core/formats/model_files.h"
#include "core/pipeline/plan.h"
#include "widgets/pipeline_editor/pipeline_draft.h"

namespace quantoscope {

/// What the editor may put into a pipeline, from core's registries.
PipelineCatalogue pipelineCatalogue();

class PipelineDocument : public QObject {
    Q_OBJECT

public:
    explicit PipelineDocument(QObject* parent = nullptr);

    const PipelineDraft& draft() const { return draft_; }
    QUndoStack& undoStack() { return undo_stack_; }
    /// One user action: can be undone.
    void edit(const PipelineDraft& draft, const QString& label);
    /// Starts over from a recipe (a preset, a file): undoable as one step. `file` is where it was read from.
    void replace(const Recipe& recipe, const QString& label, const QString& file = {});
    /// The file that says the same as `recipe`: the last one read, while nothing differs from it. Empty: none.
    QString fileOf(const Recipe& recipe) const;
    /// The model is what is open in the window; changing it is no step of its own.
    void setModel(const QString& path, std::shared_ptr<const ModelFiles> files);

    /// The latest plan, its error, or nothing while it is being made.
    const std::optional<Result<Plan>>& plan() const { return plan_; }
    bool canRun() const { return plan_.has_value() && plan_->has_value(); }

signals:
    void changed();
    void planned();

private:
    friend class DraftCommand;
    void show(const PipelineDraft& draft);
    void startPlan();

    PipelineDraft draft_;
    std::string model_path_;  // undo and redo never change it
    std::shared_ptr<const ModelFiles> model_;
    QString file_;           // last read,
    std::string file_json_;  // and what it said
    QUndoStack undo_stack_;
    QTimer debounce_;
    std::optional<Result<Plan>> plan_;
    LatestTask task_{this};
};

}  // namespace quantoscope
