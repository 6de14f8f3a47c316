// What the window remembers between starts.
#pragma once

#include <QByteArray>
#include <QSettings>
#include <QStringList>

#include "app/workbench/session/run_key.h"
#include "app/workbench/settings/measured_machine.h"
#include "widgets/theme/theme.h"

namespace quantoscope {

class Settings {
public:
    /// The user's settings file, or a given one (tests).
    Settings();
    explicit Settings(const QString& file);

    /// What a row of settingRows() stands at: what was stored, when it is still possible, else the default.
    QVariant value(const QString& id) const;
    void setValue(const QString& id, const QVariant& value);
    bool isOn(const char* id) const { return value(QLatin1String(id)).toBool(); }
    /// Threads of a worker; 0: all cores.
    int workerThreads() const;

    ThemeChoice theme() const;
    void setTheme(ThemeChoice choice);

    QByteArray geometry() const { return settings_.value(QStringLiteral("window/geometry")).toByteArray(); }
    QByteArray layout() const { return settings_.value(QStringLiteral("window/layout")).toByteArray(); }
    void setWindow(const QByteArray& geometry, const QByteArray& layout);

    bool overlayShown() const { return settings_.value(QStringLiteral("window/overlay")).toBool(); }
    void setOverlayShown(bool shown) { settings_.setValue(QStringLiteral("window/overlay"), shown); }
    MeasuredMachine machine() const;
    void setMachine(const MeasuredMachine& machine);

    QStringList recentFiles() const { return settings_.value(QStringLiteral("recent")).toStringList(); }
    void addRecentFile(const QString& path);
    void clearRecentFiles() { settings_.remove(QStringLiteral("recent")); }

    /// What was open: restored on the next start.
    QStringList openModels() const { return settings_.value(QStringLiteral("session/models")).toStringList(); }
    QStringList openRunFolders() const { return settings_.value(QStringLiteral("session/runs")).toStringList(); }
    QString mode() const { return settings_.value(QStringLiteral("session/mode")).toString(); }
    QByteArray recipe() const { return settings_.value(QStringLiteral("session/recipe")).toByteArray(); }
    RunKey baseline() const { return RunKey::fromText(settings_.value(QStringLiteral("session/baseline")).toString()); }
    QString runsFolder() const;
    void setOpen(const QStringList& models, const QStringList& runs, const QString& mode, const QByteArray& recipe);
    /// The file that said the same as the recipe; empty: none did.
    QString recipeFile() const { return settings_.value(QStringLiteral("session/recipe_file")).toString(); }
    void setRecipeFile(const QString& path) { settings_.setValue(QStringLiteral("session/recipe_file"), path); }
    void setBaseline(const RunKey& run) { settings_.setValue(QStringLiteral("session/baseline"), run.text()); }
    /// Chips and stages of the recipe that are switched off.
    QStringList switchedOff() const { return settings_.value(QStringLiteral("session/switched_off")).toStringList(); }
    void setSwitchedOff(const QStringList& entries) {
        settings_.setValue(QStringLiteral("session/switched_off"), entries);
    }
    /// Pages whose demo tip was put away.
    QStringList hiddenTips() const { return settings_.value(QStringLiteral("tips/hidden")).toStringList(); }
    void setHiddenTips(const QStringList& pages) { settings_.setValue(QStringLiteral("tips/hidden"), pages); }
    void setRunsFolder(const QString& folder);

private:
    QSettings settings_;
};

}  // namespace quantoscope
