#include "app/workbench/workbench.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QDockWidget>
#include <QGuiApplication>
#include <QMenuBar>
#include <QStatusBar>
#include <QToolButton>
#include <QUrl>

#include "app/workbench/analyse_page/analyse_page.h"
#include "app/workbench/bits_page/bits_page.h"
#include "app/workbench/demo/demo_copy.h"
#include "app/workbench/demo/demo_opener.h"
#include "app/workbench/demo/demo_tips.h"
#include "app/workbench/evaluate_page/evaluate_dialog.h"
#include "app/workbench/evaluate_page/evaluate_page.h"
#include "app/workbench/evaluate_page/export_dialog.h"
#include "app/workbench/frame/locate_items.h"
#include "app/workbench/frame/log_panel.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/jobs/jobs_panel.h"
#include "app/workbench/jobs/jobs_strip.h"
#include "app/workbench/model_page/model_page.h"
#include "app/workbench/model_page/start_view.h"
#include "app/workbench/overlay/overlay_control.h"
#include "app/workbench/pipeline_page/pipeline_page.h"
#include "app/workbench/runs/compare_dialog.h"
#include "app/workbench/runs/explorer.h"
#include "app/workbench/runs/run_actions.h"
#include "app/workbench/settings/setting_rows.h"
#include "app/workbench/settings/settings_dialog.h"
#include "widgets/locate/locate_popup.h"
#include "widgets/pipeline_editor/switched_off.h"

namespace quantoscope {
namespace {

constexpr int kDiagnosticLines = 200;

}  // namespace

Workbench::Workbench(const SessionPaths& paths, Settings& settings, ThemeController& theme)
    : settings_(settings), theme_(theme), session_(paths), window_(std::make_unique<MainWindow>(session_, settings)) {
    run_actions_ = new RunActions(session_, settings_, window_.get());
    buildPages();
    buildPanels();
    menus_ = new Menus(*window_, session_, settings_, theme);
    connectPages();
    connectDemo();
    connectJobs();
    connectLocate();
    connect(menus_, &Menus::settingsWanted, this, [this] { openSettings({}); });
    applySetting(QLatin1String(kThreadsSetting));
    overlay_ = new OverlayControl(*window_, session_.jobs(), settings_, *menus_->overlayAction());
    connect(menus_, &Menus::measureWanted, overlay_, &OverlayControl::measureMachine);
    window_->restoreLayout();
    overlay_->restore();
    connect(window_.get(), &MainWindow::aboutToClose, this, &Workbench::remember);
    connect(&session_, &Session::failed, this, &Workbench::logError);
    connect(&session_, &Session::pathOpened, this, [this](const QString& path) { settings_.addRecentFile(path); });
    connect(&session_, &Session::baselineChanged, this, [this] { settings_.setBaseline(session_.baseline()); });
}

Workbench::~Workbench() = default;

void Workbench::buildPages() {
    explorer_ = new Explorer(session_, *run_actions_);
    window_->addDock(QStringLiteral("explorer"), QObject::tr("Explorer"), Qt::LeftDockWidgetArea, explorer_);
    model_page_ = new ModelPage(session_);
    pipeline_page_ = new PipelinePage(session_);
    analyse_page_ = new AnalysePage(session_);
    evaluate_page_ = new EvaluatePage(session_);
    bits_page_ = new BitsPage(session_);
    window_->addPage(QStringLiteral("model"), tr("Model"), model_page_);
    window_->addPage(QStringLiteral("pipeline"), tr("Pipeline"), pipeline_page_);
    window_->addPage(QStringLiteral("analyse"), tr("Analyse"), analyse_page_);
    window_->addPage(QStringLiteral("evaluate"), tr("Evaluate"), evaluate_page_);
    window_->addPage(QStringLiteral("bits"), tr("Bits"), bits_page_);
}

void Workbench::buildPanels() {
    log_ = new LogPanel;
    jobs_panel_ = new JobsPanel(session_);
    auto* jobs = window_->addDock(QStringLiteral("jobs"), tr("Jobs"), Qt::BottomDockWidgetArea, jobs_panel_);
    auto* log = window_->addDock(QStringLiteral("log"), tr("Log"), Qt::BottomDockWidgetArea, log_);
    window_->tabifyDockWidget(jobs, log);
    jobs->hide();
    log->hide();
    jobs_strip_ = new JobsStrip(session_.jobs());
    window_->statusBar()->setSizeGripEnabled(false);
    window_->statusBar()->addWidget(jobs_strip_, 1);
    connect(jobs_strip_, &JobsStrip::detailsWanted, jobs, [jobs] {
        jobs->setVisible(!jobs->isVisible());
        jobs->raise();
    });
}

void Workbench::connectPages() {
    connect(explorer_, &Explorer::openModelWanted, menus_, &Menus::openModelFile);
    connect(&model_page_->start(), &StartView::openModelWanted, menus_, &Menus::openModelFile);
    connect(model_page_, &ModelPage::pipelineWanted, this, [this] { window_->showPage(QStringLiteral("pipeline")); });
    connect(analyse_page_, &AnalysePage::pipelineWanted, this,
            [this] { window_->showPage(QStringLiteral("pipeline")); });
    connect(evaluate_page_, &EvaluatePage::pipelineWanted, this,
            [this] { window_->showPage(QStringLiteral("pipeline")); });
    connect(bits_page_, &BitsPage::pipelineWanted, this, [this] { window_->showPage(QStringLiteral("pipeline")); });
    connect(evaluate_page_, &EvaluatePage::evaluateWanted, this, &Workbench::openEvaluate);
    connect(evaluate_page_, &EvaluatePage::exportWanted, this, &Workbench::openExport);
    connect(run_actions_, &RunActions::evaluateWanted, this, [this](const RunKey& run) { openEvaluate({run}); });
    connect(run_actions_, &RunActions::exportWanted, this, &Workbench::openExport);
    connect(menus_, &Menus::saveRecipeWanted, pipeline_page_, &PipelinePage::saveRecipe);
    connect(menus_, &Menus::savePresetWanted, pipeline_page_, &PipelinePage::saveAsPreset);
    connect(menus_, &Menus::copyCommandWanted, pipeline_page_, &PipelinePage::copyAsCommand);
    connect(menus_, &Menus::copyDiagnosticsWanted, this, &Workbench::copyDiagnostics);
    connect(log_, &LogPanel::copyDiagnosticsWanted, this, &Workbench::copyDiagnostics);
    connect(menus_, &Menus::compareWanted, this, [this] { (new CompareDialog(session_, window_.get()))->open(); });
    connect(menus_, &Menus::evaluateWanted, this, [this] { openEvaluate(session_.selection().current().runs); });
    connect(menus_, &Menus::exportWanted, this, [this] {
        if (!session_.selection().current().runs.isEmpty()) openExport(session_.selection().current().runs.first());
    });
    connect(menus_, &Menus::reportWanted, this, [this] {
        if (!session_.selection().current().runs.isEmpty())
            run_actions_->report(session_.selection().current().runs.first().folder);
    });
    connect(run_actions_, &RunActions::reported, this, [this](const QString& path) {
        log_->append(tr("Wrote the report %1").arg(path));
        QDesktopServices::openUrl(QUrl::fromLocalFile(path));
    });
    connect(&session_, &Session::recipeOpened, this, [this] { window_->showPage(QStringLiteral("pipeline")); });
    connect(&session_, &Session::runFolderOpened, this, [this] { window_->showPage(QStringLiteral("analyse")); });
    connect(&session_.layers(), &LayerStore::failed, this,
            [this](const RunKey&, const Error& error) { emit session_.failed(error); });
}

void Workbench::connectDemo() {
    demo_ = new DemoOpener(session_, shippedDemo(), window_.get());
    tips_ = new DemoTips(*window_, session_, settings_, *demo_);
    connect(menus_, &Menus::openDemoWanted, this, &Workbench::openDemo);
    connect(menus_, &Menus::showTipsWanted, tips_, &DemoTips::showAgain);
    connect(&model_page_->start(), &StartView::openDemoWanted, this, &Workbench::openDemo);
    connect(demo_, &DemoOpener::preparing, &model_page_->start(), &StartView::setPreparing);
    connect(demo_, &DemoOpener::preparing, jobs_strip_, &JobsStrip::setPreparing);
    connect(demo_, &DemoOpener::opened, this, [this] { window_->showPage(QStringLiteral("pipeline")); });
}

void Workbench::connectJobs() {
    auto& jobs = session_.jobs();
    connect(&jobs, &JobQueue::logLine, log_, &LogPanel::append);
    connect(&jobs, &JobQueue::event, this, [this](int, const Event& event) {
        if (!event.text.empty())
            log_->append(QString::fromStdString(event.configuration.empty() ? event.text
                                                                            : event.configuration + ": " + event.text));
    });
    connect(&jobs, &JobQueue::finished, this, [this, &jobs](int id) {
        const auto* job = jobs.find(id);
        if (job == nullptr) return;
        log_->append(job->request.title + QStringLiteral(": ") + jobStateText(*job));
        if (job->state == JobState::failed) emit session_.failed(job->error);
    });
    connect(&session_, &Session::runStarted, this, [this] { window_->showPage(QStringLiteral("analyse")); });
}

void Workbench::connectLocate() {
    locate_ = new LocatePopup(window_.get());
    locate_->setObjectName(QStringLiteral("locate_popup"));
    locate_->hide();
    auto* button = new QToolButton(window_.get());
    button->setObjectName(QStringLiteral("locate_button"));
    button->setText(tr("⌕  Locate…   Ctrl+K"));
    button->setAccessibleName(tr("Locate"));
    button->setProperty("role", QStringLiteral("field"));
    window_->menuBar()->setCornerWidget(button, Qt::TopRightCorner);
    const auto pop_up = [this] {
        locate_->setItems(locateItems(session_, menus_->actions()));
        locate_->popUp();
    };
    connect(button, &QToolButton::clicked, this, pop_up);
    connect(menus_, &Menus::locateWanted, this, pop_up);
    connect(locate_, &LocatePopup::chosen, this, [this](const QString& id) {
        if (id.startsWith(QLatin1String("setting:"))) return openSettings(id.section(QLatin1Char(':'), 1));
        const QString page = chooseLocated(session_, menus_->actions(), id);
        if (!page.isEmpty()) window_->showPage(page);
    });
}

void Workbench::openEvaluate(const QList<RunKey>& runs) {
    (new EvaluateDialog(session_, runs, window_.get()))->open();
}

void Workbench::openExport(const RunKey& run) {
    (new ExportDialog(session_, run, window_.get()))->open();
}

void Workbench::openSettings(const QString& setting) {
    auto* dialog = window_->findChild<SettingsDialog*>(QStringLiteral("settings_dialog"));
    if (dialog == nullptr) {
        dialog = new SettingsDialog(settings_, session_.paths().usual_runs, window_.get());
        connect(dialog, &SettingsDialog::settingChanged, this, &Workbench::applySetting);
        dialog->open();
    }
    dialog->reveal(setting);
}

/// What the rest reads when it needs it (asking before deleting, restoring) needs nothing here.
void Workbench::applySetting(const QString& id) {
    if (id == QLatin1String(kThemeSetting)) {
        theme_.setChoice(settings_.theme());
        menus_->refreshTheme();
    } else if (id == QLatin1String(kRunsFolderSetting)) {
        const QString folder = settings_.runsFolder();
        session_.setRunsFolder(folder.isEmpty() ? session_.paths().usual_runs : folder);
    } else if (id == QLatin1String(kThreadsSetting)) {
        const int threads = settings_.workerThreads();
        session_.jobs().setCommonArguments(
            threads > 0 ? QStringList{QStringLiteral("--threads"), QString::number(threads)} : QStringList());
    } else if (id == QLatin1String(kTipsSetting)) {
        if (settings_.isOn(kTipsSetting))
            tips_->showAgain();
        else
            tips_->refresh();
    }
}

void Workbench::logError(const Error& error) {
    last_error_ = QString::fromStdString(error.message);
    if (!error.path.empty())
        last_error_ += QStringLiteral(" [") + QString::fromStdString(error.path) + QLatin1Char(']');
    if (!error.cause.empty())
        last_error_ += QStringLiteral(" (") + QString::fromStdString(error.cause) + QLatin1Char(')');
    log_->append(tr("Error: ") + last_error_);
}

void Workbench::copyDiagnostics() {
    DiagnosticsInput input;
    input.last_error = last_error_;
    const QString worker = findWorkerProgram();
    input.paths = {QStringLiteral("Worker: ") + (worker.isEmpty() ? tr("not found") : worker),
                   QStringLiteral("Runs: ") + session_.paths().runs};
    if (const auto model = session_.models().current()) input.paths << QStringLiteral("Model: ") + model->path;
    input.log_lines = log_->lastLines(kDiagnosticLines);
    QGuiApplication::clipboard()->setText(diagnosticsText(input));
    log_->append(tr("Diagnostics copied to the clipboard"));
}

void Workbench::openPaths(const QStringList& paths) {
    for (const auto& path : paths) session_.openPath(path);
}

void Workbench::openDemo() {
    demo_->open();
}

void Workbench::openExample() {
    const QString model = exampleModelIn(session_.paths());
    if (model.isEmpty()) {
        emit session_.failed(
            Error{"The example model is not there yet: run installer/get-example-model, or open a model of your own",
                  {},
                  session_.paths().models.toStdString(),
                  ErrorKind::failed});
        return;
    }
    session_.openPath(model);
    if (const auto preset = examplePreset(); !preset.path.isEmpty()) pipeline_page_->loadPreset(preset);
    window_->showPage(QStringLiteral("pipeline"));
}

void Workbench::restoreSession() {
    if (!settings_.isOn(kRestoreSetting)) return;
    for (const auto& folder : settings_.openRunFolders()) session_.runs().addFolder(folder);
    const auto recipe = parseRecipe(settings_.recipe().toStdString());
    if (recipe) {
        session_.pipeline().replace(*recipe, tr("Last session"), settings_.recipeFile());
        PipelineDraft draft = session_.pipeline().draft();
        switchOff(draft, settings_.switchedOff());
        session_.pipeline().edit(draft, tr("Last session"));
        session_.pipeline().undoStack().clear();
    }
    openPaths(settings_.openModels());
    session_.setBaseline(settings_.baseline());
    window_->showPage(settings_.mode());
}

void Workbench::remember() {
    QStringList models;
    for (const auto& model : session_.models().models()) models.append(model->path);
    settings_.setRecipeFile(session_.pipeline().fileOf(session_.pipeline().draft().recipe));
    settings_.setSwitchedOff(switchedOff(session_.pipeline().draft()));
    settings_.setOpen(models, session_.runs().addedFolders(), window_->page(),
                      QByteArray::fromStdString(recipeJson(session_.pipeline().draft().recipe)));
}

}  // namespace quantoscope
