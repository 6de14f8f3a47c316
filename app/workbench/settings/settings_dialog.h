// Edit → Settings: a row for every setting, made from settingRows(). What is changed holds at once.
#pragma once

#include <QDialog>
#include <QHash>

#include "app/workbench/settings/settings.h"

class QScrollArea;
class QVBoxLayout;

namespace quantoscope {

struct SettingRow;

class SettingsDialog : public QDialog {
    Q_OBJECT

public:
    /// `usual_runs` is where runs are kept when the user has not said otherwise.
    SettingsDialog(Settings& settings, const QString& usual_runs, QWidget* parent = nullptr);
    /// Brings a setting into view and gives it the keyboard.
    void reveal(const QString& id);

signals:
    void settingChanged(const QString& id);

private:
    void addRows(QVBoxLayout& column);
    QWidget* addRow(QVBoxLayout& column, const SettingRow& row);
    QWidget* makeChoice(const SettingRow& row);
    QWidget* makeBoolean(const SettingRow& row);
    QWidget* makeFolder(const SettingRow& row);
    void change(const QString& id, const QVariant& value);

    Settings& settings_;
    QString usual_runs_;
    QScrollArea* scroll_ = nullptr;
    QHash<QString, QWidget*> controls_;  // by setting, what gets the keyboard
};

}  // namespace quantoscope
