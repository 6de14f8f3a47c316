#include "app/workbench/settings/setting_rows.h"

#include <QCoreApplication>
#include <QThread>
#include <algorithm>

#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("Settings", source);
}

SettingRow themeRow() {
    return {QLatin1String(kThemeSetting),
            text("Appearance"),
            text("Theme"),
            text("Light, dark, or whatever the desktop is set to."),
            SettingKind::choice,
            themeChoiceName(ThemeChoice::system),
            {{themeChoiceName(ThemeChoice::system), text("Follow the desktop")},
             {themeChoiceName(ThemeChoice::light), text("Light")},
             {themeChoiceName(ThemeChoice::dark), text("Dark")}}};
}

SettingRow threadsRow() {
    SettingRow row{QLatin1String(kThreadsSetting),
                   text("Runs"),
                   text("Worker threads"),
                   text("Cores that a job computes with, from the next job on. Fewer leave some for other programs."),
                   SettingKind::choice,
                   QStringLiteral("0"),
                   {{QStringLiteral("0"), text("All cores (%1)").arg(QThread::idealThreadCount())}}};
    for (int count = 1; count < QThread::idealThreadCount(); ++count)
        row.choices.append({QString::number(count), QString::number(count)});
    return row;
}

QList<SettingRow> makeRows() {
    return {themeRow(),
            {QLatin1String(kRunsFolderSetting),
             text("Runs"),
             text("Runs folder"),
             text("Where new runs are kept. Runs made before stay where they are."),
             SettingKind::folder,
             QString(),
             {}},
            threadsRow(),
            {QLatin1String(kConfirmDeleteSetting),
             text("Runs"),
             text("Ask before deleting a run folder"),
             text("Deleted runs cannot be brought back."),
             SettingKind::boolean,
             true,
             {}},
            {QLatin1String(kRestoreSetting),
             text("Start"),
             text("Open what was open last time"),
             text("Models, runs, the pipeline and the page of the last session."),
             SettingKind::boolean,
             true,
             {}},
            {QLatin1String(kTipsSetting),
             text("Start"),
             text("Show tips in the demo"),
             text("What each page is for. Tips that were put away come back when this is switched on again."),
             SettingKind::boolean,
             true,
             {}}};
}

}  // namespace

const QList<SettingRow>& settingRows() {
    static const QList<SettingRow> rows = makeRows();
    return rows;
}

const SettingRow* findSetting(const QString& id) {
    const auto found = std::ranges::find(settingRows(), id, &SettingRow::id);
    return found == settingRows().end() ? nullptr : &*found;
}

}  // namespace quantoscope
