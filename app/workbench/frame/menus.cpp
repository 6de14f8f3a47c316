#include "app/workbench/frame/menus.h"

#include <QActionGroup>
#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QUrl>

#include "app/workbench/frame/about.h"
#include "app/workbench/frame/main_window.h"
#include "app/workbench/frame/mode_bar.h"
#include "app/workbench/frame/shortcuts.h"
#include "app/workbench/parts/export_button.h"
#include "app/workbench/parts/file_dialogs.h"
#include "widgets/text/number_text.h"

namespace quantoscope {

Menus::Menus(MainWindow& window, Session& session, Settings& settings, ThemeController& theme)
    : QObject(&window), window_(window), session_(session), settings_(settings), theme_(theme) {
    buildFile();
    buildEdit();
    buildView();
    buildRun();
    buildTools();
    buildHelp();
    connect(&session_.jobs(), &JobQueue::changed, this, &Menus::refreshRun);
    connect(&session_.pipeline(), &PipelineDocument::planned, this, &Menus::refreshRun);
    connect(&session_.pipeline(), &PipelineDocument::changed, this, &Menus::refreshRun);
    connect(&session_.selection(), &SelectionModel::changed, this, &Menus::refreshSelection);
    connect(&session_.runs(), &RunCatalog::changed, this, &Menus::refreshSelection);
    connect(&session_, &Session::baselineChanged, this, &Menus::refreshSelection);
    refreshRun();
    refreshSelection();
}

QAction* Menus::add(QMenu& menu, const QString& name, const QString& text, const QKeySequence& shortcut) {
    auto* action = menu.addAction(text);
    action->setObjectName(QStringLiteral("action_") + name);
    action->setShortcut(shortcut);
    return action;
}

void Menus::buildFile() {
    auto& menu = *window_.menuBar()->addMenu(tr("&File"));
    add(menu, QStringLiteral("open_model"), tr("&Open model file…"), QKeySequence::Open, [this] { openModelFile(); });
    add(menu, QStringLiteral("open_model_folder"), tr("Open model &folder…"), QKeySequence(tr("Ctrl+Shift+O")),
        [this] { openModelFolder(); });
    add(menu, QStringLiteral("open_run"), tr("Open r&un folder…"), {}, [this] {
        askForFolder(&window_, tr("Open run folder"), [this](const QString& path) { session_.openRunFolder(path); });
    });
    add(menu, QStringLiteral("open_recipe"), tr("Open &recipe…"), {}, [this] {
        askForFile(&window_, tr("Open recipe"), tr("Recipe (*.json)"),
                   [this](const QString& path) { session_.openPath(path); });
    });
    demo_ = add(menu, QStringLiteral("open_demo"), tr("Open the &demo"), {}, [this] { emit openDemoWanted(); });
    auto* recent = menu.addMenu(tr("Open re&cent"));
    recent->setObjectName(QStringLiteral("recent_menu"));
    connect(recent, &QMenu::aboutToShow, this, [this, recent] { fillRecent(*recent); });
    auto* cached = menu.addMenu(tr("Open from &hub cache"));
    cached->setObjectName(QStringLiteral("hub_cache_menu"));
    fillHubCache(*cached);
    connect(cached, &QMenu::aboutToShow, &session_.hubCache(), &HubCacheList::refresh);
    connect(&session_.hubCache(), &HubCacheList::changed, this, [this, cached] { fillHubCache(*cached); });
    menu.addSeparator();
    add(menu, QStringLiteral("save_recipe"), tr("&Save recipe…"), QKeySequence::Save,
        [this] { emit saveRecipeWanted(); });
    add(menu, QStringLiteral("save_preset"), tr("Save as preset…"), {}, [this] { emit savePresetWanted(); });
    export_ = add(menu, QStringLiteral("export_checkpoint"), tr("&Export checkpoint…"), QKeySequence(tr("Ctrl+E")),
                  [this] { emit exportWanted(); });
    add(menu, QStringLiteral("export_view"), tr("Export this &view…"), QKeySequence(tr("Ctrl+Shift+E")), [this] {
        if (openExportMenu(*window_.pageWidget())) return;
        const auto why = tr("There is nothing to export here: charts and maps of a run can be, once one is on view.");
        window_.showError(failure(why.toStdString()).error());
    });
    report_ = add(menu, QStringLiteral("report"), tr("Rep&ort…"), {}, [this] { emit reportWanted(); });
    menu.addSeparator();
    add(menu, QStringLiteral("close_model"), tr("&Close model"), QKeySequence::Close, [this] {
        if (const auto model = session_.models().current()) session_.models().close(model->path);
    });
    add(menu, QStringLiteral("quit"), tr("&Quit"), QKeySequence::Quit, [this] { window_.close(); });
}

void Menus::openModelFile() {
    askForFile(&window_, tr("Open model"), tr("Models (*.gguf *.safetensors);;All files (*)"),
               [this](const QString& path) { session_.openPath(path); });
}

void Menus::openModelFolder() {
    askForFolder(&window_, tr("Open model folder"), [this](const QString& path) { session_.openPath(path); });
}

void Menus::fillRecent(QMenu& menu) {
    menu.clear();
    for (const auto& path : settings_.recentFiles()) {
        auto* action = menu.addAction(QFileInfo(path).isDir() ? modelName(path) : QFileInfo(path).fileName());
        action->setToolTip(path);
        connect(action, &QAction::triggered, this, [this, path] { session_.openPath(path); });
    }
    menu.setToolTipsVisible(true);
    if (menu.isEmpty())
        menu.addAction(tr("Nothing opened yet"))->setEnabled(false);
    else
        connect(menu.addAction(tr("Clear list")), &QAction::triggered, this, [this] { settings_.clearRecentFiles(); });
}

void Menus::fillHubCache(QMenu& menu) {
    menu.clear();
    menu.setToolTipsVisible(true);
    for (const auto& model : session_.hubCache().models()) {
        const QString path = QString::fromStdString(model.path.string());
        const QString name = QString::fromStdString(model.id);
        const bool openable = model.problem.empty();
        auto* action = menu.addAction(openable ? tr("%1 (%2)").arg(name, bytesText(model.bytes)) : name);
        action->setEnabled(openable);
        action->setToolTip(openable ? path : QString::fromStdString(model.problem));
        connect(action, &QAction::triggered, this, [this, path] { session_.openPath(path); });
    }
    if (menu.isEmpty())
        menu.addAction(tr("No models in %1").arg(QDir::toNativeSeparators(session_.hubCache().folder())))
            ->setEnabled(false);
}

void Menus::buildEdit() {
    auto& menu = *window_.menuBar()->addMenu(tr("&Edit"));
    auto& stack = session_.pipeline().undoStack();
    auto* undo = stack.createUndoAction(&menu, tr("&Undo"));
    undo->setObjectName(QStringLiteral("action_undo"));
    undo->setShortcut(QKeySequence::Undo);
    auto* redo = stack.createRedoAction(&menu, tr("&Redo"));
    redo->setObjectName(QStringLiteral("action_redo"));
    redo->setShortcut(QKeySequence::Redo);
    menu.addActions({undo, redo});
    menu.addSeparator();
    add(menu, QStringLiteral("copy_command"), tr("Copy pipeline as &command"), QKeySequence(tr("Ctrl+Shift+C")),
        [this] { emit copyCommandWanted(); });
    add(menu, QStringLiteral("clear_selection"), tr("Clear &selection"), QKeySequence(Qt::Key_Escape),
        [this] { session_.selection().clear(); });
    menu.addSeparator();
    add(menu, QStringLiteral("settings"), tr("&Settings…"), QKeySequence(tr("Ctrl+,")),
        [this] { emit settingsWanted(); });
}

void Menus::buildView() {
    auto& menu = *window_.menuBar()->addMenu(tr("&View"));
    menu.addActions(window_.modeBar().modes());
    menu.addSeparator();
    back_ = add(menu, QStringLiteral("back"), tr("Selection &back"), QKeySequence(tr("Alt+Left")),
                [this] { session_.selection().back(); });
    forward_ = add(menu, QStringLiteral("forward"), tr("Selection &forward"), QKeySequence(tr("Alt+Right")),
                   [this] { session_.selection().forward(); });
    menu.addSeparator();
    for (auto* dock : window_.docks()) menu.addAction(dock->toggleViewAction());
    overlay_ = add(menu, QStringLiteral("overlay"), tr("&Performance overlay"), QKeySequence(Qt::Key_F12));
    overlay_->setCheckable(true);
    add(menu, QStringLiteral("reset_layout"), tr("&Reset layout"), {}, [this] { window_.resetLayout(); });
    buildTheme(menu);
}

void Menus::buildTheme(QMenu& view) {
    auto& menu = *view.addMenu(tr("&Theme"));
    auto* group = new QActionGroup(this);
    const std::array<std::pair<ThemeChoice, QString>, 3> choices{{{ThemeChoice::system, tr("Follow the &desktop")},
                                                                  {ThemeChoice::light, tr("&Light")},
                                                                  {ThemeChoice::dark, tr("D&ark")}}};
    for (const auto& [choice, text] : choices) {
        auto* action = add(menu, QStringLiteral("theme_") + themeChoiceName(choice), text, {}, [this, chosen = choice] {
            theme_.setChoice(chosen);
            settings_.setTheme(chosen);
        });
        action->setCheckable(true);
        action->setData(static_cast<int>(choice));
        group->addAction(action);
    }
    themes_ = group;
    refreshTheme();
}

void Menus::refreshTheme() {
    for (auto* action : themes_->actions())
        action->setChecked(action->data().toInt() == static_cast<int>(theme_.choice()));
}

void Menus::buildRun() {
    auto& menu = *window_.menuBar()->addMenu(tr("&Run"));
    run_ = add(menu, QStringLiteral("run"), tr("&Run pipeline"), QKeySequence(tr("Ctrl+R")),
               [this] { session_.runPipeline(); });
    pause_ = add(menu, QStringLiteral("pause"), tr("&Pause running job"), QKeySequence(tr("Ctrl+P")), [this] {
        if (const auto* job = session_.jobs().running()) session_.jobs().pauseOrResume(job->id);
    });
    cancel_ = add(menu, QStringLiteral("cancel"), tr("&Cancel running job"), QKeySequence(tr("Ctrl+.")), [this] {
        if (const auto* job = session_.jobs().running()) session_.jobs().cancel(job->id);
    });
    pin_ = add(menu, QStringLiteral("pin_baseline"), tr("Pin as &baseline"), QKeySequence(tr("Ctrl+B")), [this] {
        const auto run = session_.selection().current().runs.value(0);
        session_.setBaseline(session_.baseline() == run ? RunKey() : run);
    });
    evaluate_ = add(menu, QStringLiteral("evaluate"), tr("&Evaluate runs…"), {}, [this] { emit evaluateWanted(); });
    add(menu, QStringLiteral("compare_checkpoints"), tr("Compare c&heckpoints…"), QKeySequence(tr("Ctrl+Shift+K")),
        [this] { emit compareWanted(); });
    connect(window_.modeBar().runButton(), &QPushButton::clicked, run_, &QAction::trigger);
    connect(window_.modeBar().cancelButton(), &QPushButton::clicked, cancel_, &QAction::trigger);
}

void Menus::buildTools() {
    auto& menu = *window_.menuBar()->addMenu(tr("&Tools"));
    add(menu, QStringLiteral("locate"), tr("&Locate…"), QKeySequence(tr("Ctrl+K")), [this] { emit locateWanted(); });
    add(menu, QStringLiteral("measure_machine"), tr("&Measure this machine"), {}, [this] { emit measureWanted(); });
    add(menu, QStringLiteral("copy_diagnostics"), tr("Copy &diagnostics"), {},
        [this] { emit copyDiagnosticsWanted(); });
    add(menu, QStringLiteral("open_runs_folder"), tr("Open &runs folder"), {},
        [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(session_.paths().runs)); });
    add(menu, QStringLiteral("choose_runs_folder"), tr("&Keep runs elsewhere…"), {}, [this] {
        askForFolder(&window_, tr("Folder for runs"), [this](const QString& path) {
            session_.setRunsFolder(path, [this, path] { settings_.setRunsFolder(path); });
        });
    });
}

void Menus::buildHelp() {
    auto& menu = *window_.menuBar()->addMenu(tr("&Help"));
    menu.addAction(demo_);
    add(menu, QStringLiteral("show_tips"), tr("Show &tips again"), {}, [this] { emit showTipsWanted(); });
    add(menu, QStringLiteral("shortcuts"), tr("&Keyboard shortcuts…"), QKeySequence(tr("Ctrl+/")),
        [this] { showShortcuts(window_, actions()); });
    menu.addSeparator();
    add(menu, QStringLiteral("about"), tr("&About Quantoscope"), {}, [this] { showAbout(window_); });
    add(menu, QStringLiteral("licences"), tr("&Licences"), {}, [this] { showLicences(window_); });
}

void Menus::refreshRun() {
    const auto& pipeline = session_.pipeline();
    run_->setEnabled(pipeline.canRun());
    window_.modeBar().runButton()->setEnabled(pipeline.canRun());
    const bool failed = pipeline.plan() && !*pipeline.plan();
    window_.modeBar().runButton()->setToolTip(failed ? QString::fromStdString(pipeline.plan()->error().message)
                                                     : tr("Run the pipeline (Ctrl+R)"));
    refreshJob();
}

void Menus::refreshJob() {
    const auto* job = session_.jobs().running();
    const bool paused = job != nullptr && job->state == JobState::paused;
    const bool can_cancel = paused || (job != nullptr && job->state == JobState::running);
    cancel_->setEnabled(can_cancel);
    window_.modeBar().cancelButton()->setEnabled(can_cancel);
    pause_->setEnabled(can_cancel);
    pause_->setText(paused ? tr("&Continue paused job") : tr("&Pause running job"));
}

void Menus::refreshSelection() {
    back_->setEnabled(session_.selection().canGoBack());
    forward_->setEnabled(session_.selection().canGoForward());
    const auto& runs = session_.selection().current().runs;
    const auto* run = runs.isEmpty() ? nullptr : session_.runs().find(runs.first());
    export_->setEnabled(run != nullptr && run->isFinished() && run->wasQuantizedHere());
    report_->setEnabled(run != nullptr);
    pin_->setEnabled(run != nullptr);
    pin_->setText(run != nullptr && session_.baseline() == runs.first() ? tr("Unpin &baseline")
                                                                        : tr("Pin as &baseline"));
}

QList<QAction*> Menus::actions() const {
    QList<QAction*> found;
    for (auto* menu : window_.menuBar()->findChildren<QMenu*>())
        for (auto* action : menu->actions())
            if (!action->isSeparator() && action->menu() == nullptr && !action->objectName().isEmpty() &&
                !found.contains(action))
                found.append(action);
    return found;
}

}  // namespace quantoscope
