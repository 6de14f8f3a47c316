// Puts the workbench together: the session, the frame, its pages and panels. Connections between views stand here.
#pragma once

#include <QObject>
#include <memory>

#include "app/workbench/frame/main_window.h"
#include "app/workbench/session/session.h"
#include "app/workbench/settings/settings.h"

namespace quantoscope {

class AnalysePage;
class BitsPage;
class EvaluatePage;
class DemoOpener;
class DemoTips;
class Explorer;
class JobsPanel;
class JobsStrip;
class LocatePopup;
class LogPanel;
class Menus;
class ModelPage;
class OverlayControl;
class PipelinePage;
class RunActions;

class Workbench : public QObject {
    Q_OBJECT

public:
    Workbench(const SessionPaths& paths, Settings& settings, ThemeController& theme);
    ~Workbench() override;

    MainWindow& window() { return *window_; }
    Session& session() { return session_; }
    OverlayControl& overlay() { return *overlay_; }
    ModelPage& modelPage() { return *model_page_; }
    PipelinePage& pipelinePage() { return *pipeline_page_; }

    void openPaths(const QStringList& paths);
    /// The demo's model with its sweep ready to run; its working copy is made first.
    void openDemo();
    /// The example model with its pipeline ready to run.
    void openExample();
    /// What was open when the window was closed, when the user wants it back.
    void restoreSession();

private:
    void buildPages();
    void buildPanels();
    void connectPages();
    void connectDemo();
    void connectJobs();
    void connectLocate();
    void openEvaluate(const QList<RunKey>& runs);
    void openExport(const RunKey& run);
    void copyDiagnostics();
    void remember();
    void openSettings(const QString& setting);
    void applySetting(const QString& id);
    void logError(const Error& error);

    Settings& settings_;
    ThemeController& theme_;
    Session session_;
    std::unique_ptr<MainWindow> window_;
    RunActions* run_actions_ = nullptr;
    DemoOpener* demo_ = nullptr;
    DemoTips* tips_ = nullptr;
    Explorer* explorer_ = nullptr;
    LogPanel* log_ = nullptr;
    JobsPanel* jobs_panel_ = nullptr;
    JobsStrip* jobs_strip_ = nullptr;
    ModelPage* model_page_ = nullptr;
    PipelinePage* pipeline_page_ = nullptr;
    AnalysePage* analyse_page_ = nullptr;
    EvaluatePage* evaluate_page_ = nullptr;
    BitsPage* bits_page_ = nullptr;
    Menus* menus_ = nullptr;
    LocatePopup* locate_ = nullptr;
    OverlayControl* overlay_ = nullptr;
    QString last_error_;
};

/// The program: `quantoscope [--demo | --example] [PATH…]`.
int runWorkbench(int argument_count, char** arguments);

}  // namespace quantoscope
