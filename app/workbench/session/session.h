// Everything that is open in the window, and what it says when something changes. Panels get a reference and nothing
// else.
#pragma once

#include <QObject>
#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <functional>
#include <memory>

#include "app/workbench/jobs/job_queue.h"
#include "app/workbench/session/hub_cache_list.h"
#include "app/workbench/session/layer_store.h"
#include "app/workbench/session/model_list.h"
#include "app/workbench/session/pipeline_document.h"
#include "app/workbench/session/run_catalog.h"
#include "app/workbench/session/selection.h"
#include "app/workbench/session/session_paths.h"

namespace quantoscope {

class Session : public QObject {
    Q_OBJECT

public:
    explicit Session(const SessionPaths& paths, QObject* parent = nullptr);
    ~Session() override;

    const SessionPaths& paths() const { return paths_; }
    ModelList& models() { return models_; }
    HubCacheList& hubCache() { return hub_cache_; }
    RunCatalog& runs() { return runs_; }
    LayerStore& layers() { return layers_; }
    SelectionModel& selection() { return selection_; }
    PipelineDocument& pipeline() { return pipeline_; }
    JobQueue& jobs() { return jobs_; }

    /// The run every number is compared with; null when nothing is pinned.
    const RunKey& baseline() const { return baseline_; }
    void setBaseline(const RunKey& run);

    /// A model, a run folder or a recipe: whatever it is, it opens, or failed() says why not.
    void openPath(const QString& path);
    /// A folder that must be a run folder; failed() says what is missing when it is not.
    void openRunFolder(const QString& path);
    /// Keeps runs in another folder, as soon as it is known that one may write there: `done` is called then. Otherwise
    /// failed() says why not.
    void setRunsFolder(const QString& folder, const std::function<void()>& done = {});
    /// Starts the pipeline as a job; failed() says why it cannot.
    void runPipeline();
    /// Runs a recipe in a new folder of the runs folder; `folder_name` is what the folder is called before its date.
    void start(const Recipe& recipe, const QString& folder_name);
    /// Goes on with a run that was stopped.
    void resumeRun(const QString& run_folder);
    /// Is a worker writing the folder, or about to?
    bool isBusy(const QString& run_folder) const;
    /// Runs whose worker was killed, that nobody has taken up again.
    std::vector<const RunFolderEntry*> interruptedRuns() const;

signals:
    void baselineChanged();
    void recipeOpened();
    void runFolderOpened();
    void runStarted();
    void pathOpened(const QString& path);  ///< for the recent files
    void failed(const quantoscope::Error& error);

private:
    struct RunsFolder {
        QString path;
        bool usable = false;
        QStringList written;  ///< runs that stay listed
    };
    /// Where jobs write their runs does not change any more.
    QStringList foldersBeingWritten() const;
    bool takeRunsFolder(const RunsFolder& checked);
    void openRecipe(const QString& path);
    void followModel();
    void followJob(int id, const Event& event);
    void followSelection();
    void requireSelectedRecord();
    void lookAtStarted();

    SessionPaths paths_;
    ModelList models_;
    HubCacheList hub_cache_;
    RunCatalog runs_;
    std::unique_ptr<QThreadPool> checks_ = std::make_unique<QThreadPool>();
    LatestTask checking_runs_folder_{this, checks_.get()};
    QTimer answer_expected_;
    QString chosen_folder_;
    LayerStore layers_;
    SelectionModel selection_;
    PipelineDocument pipeline_;
    JobQueue jobs_;
    RunKey baseline_;
    QList<RunKey> started_;  // of the run started last, to be looked at once they are there
};

/// "RTN, GPTQ, AWQ × 8 4 3 bits on SmolLM2"
QString recipeTitle(const Recipe& recipe);

}  // namespace quantoscope
