// The menu bar and every action of the window that is not a page's own.
#pragma once

#include <QAction>
#include <QObject>

#include "app/workbench/session/session.h"
#include "app/workbench/settings/settings.h"

class QActionGroup;
class QMenu;

namespace quantoscope {

class MainWindow;

class Menus : public QObject {
    Q_OBJECT

public:
    Menus(MainWindow& window, Session& session, Settings& settings, ThemeController& theme);

    /// Every action that can be triggered from the menus, for Locate.
    QList<QAction*> actions() const;
    void openModelFile();
    void openModelFolder();
    /// Marks the theme that was chosen elsewhere.
    void refreshTheme();
    QAction* overlayAction() const { return overlay_; }

signals:
    void saveRecipeWanted();
    void savePresetWanted();
    void copyCommandWanted();
    void copyDiagnosticsWanted();
    void evaluateWanted();
    void compareWanted();
    void exportWanted();
    void reportWanted();
    void locateWanted();
    void settingsWanted();
    void measureWanted();
    void openDemoWanted();
    void showTipsWanted();

private:
    QAction* add(QMenu& menu, const QString& name, const QString& text, const QKeySequence& shortcut = {});
    template <typename Slot>
    QAction* add(QMenu& menu, const QString& name, const QString& text, const QKeySequence& shortcut, Slot slot) {
        auto* action = add(menu, name, text, shortcut);
        connect(action, &QAction::triggered, this, slot);
        return action;
    }
    void buildFile();
    void buildEdit();
    void buildView();
    void buildTheme(QMenu& view);
    void buildRun();
    void buildTools();
    void buildHelp();
    void fillRecent(QMenu& menu);
    void fillHubCache(QMenu& menu);
    void refreshRun();
    void refreshJob();
    void refreshSelection();

    MainWindow& window_;
    Session& session_;
    Settings& settings_;
    ThemeController& theme_;
    QActionGroup* themes_ = nullptr;
    QAction* overlay_ = nullptr;
    QAction* demo_ = nullptr;
    QAction* run_ = nullptr;
    QAction* pause_ = nullptr;
    QAction* cancel_ = nullptr;
    QAction* back_ = nullptr;
    QAction* forward_ = nullptr;
    QAction* pin_ = nullptr;
    QAction* evaluate_ = nullptr;
    QAction* export_ = nullptr;
    QAction* report_ = nullptr;
};

}  // namespace quantoscope
