// Every setting that a person can change, once: the dialog, Locate and what is stored are made from these rows.
#pragma once

#include <QList>
#include <QString>
#include <QVariant>

namespace quantoscope {

enum class SettingKind {
    choice,   ///< one of `choices`, stored as its id
    boolean,  ///< a tick
    folder,   ///< a path that can be written to
};

struct SettingChoice {
    QString id;
    QString label;
};

struct SettingRow {
    QString id;  ///< also the key in the settings file
    QString section;
    QString label;
    QString help;  ///< one sentence
    SettingKind kind = SettingKind::boolean;
    QVariant default_value;
    QList<SettingChoice> choices;
};

/// In the dialog's order; rows of a section stand together.
const QList<SettingRow>& settingRows();
/// Null when there is no such setting.
const SettingRow* findSetting(const QString& id);

// Ids that the program asks for.
inline constexpr auto kThemeSetting = "theme";
inline constexpr auto kRunsFolderSetting = "runs_folder";
inline constexpr auto kThreadsSetting = "worker_threads";
inline constexpr auto kConfirmDeleteSetting = "confirm_delete";
inline constexpr auto kRestoreSetting = "restore_session";
inline constexpr auto kTipsSetting = "demo_tips";

}  // namespace quantoscope
