#include "app/workbench/settings/settings.h"

#include <algorithm>
#include <cmath>

#include "app/workbench/settings/setting_rows.h"

namespace quantoscope {
namespace {

constexpr qsizetype kRecentCount = 10;

}  // namespace

Settings::Settings()
    : settings_(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("quantoscope"),
                QStringLiteral("quantoscope")) {}

Settings::Settings(const QString& file) : settings_(file, QSettings::IniFormat) {}

QVariant Settings::value(const QString& id) const {
    const auto* row = findSetting(id);
    if (row == nullptr) return {};
    const QVariant stored = settings_.value(id, row->default_value);
    if (row->kind == SettingKind::boolean) return stored.toBool();
    const QString text = stored.toString();
    const bool possible = row->kind != SettingKind::choice ||
                          std::ranges::find(row->choices, text, &SettingChoice::id) != row->choices.end();
    return possible ? QVariant(text) : row->default_value;
}

void Settings::setValue(const QString& id, const QVariant& value) {
    const auto* row = findSetting(id);
    if (row == nullptr) return;
    if (value == row->default_value)
        settings_.remove(id);
    else
        settings_.setValue(id, value);
}

int Settings::workerThreads() const {
    return value(QLatin1String(kThreadsSetting)).toInt();
}

ThemeChoice Settings::theme() const {
    return themeChoiceFromName(value(QLatin1String(kThemeSetting)).toString());
}

void Settings::setTheme(ThemeChoice choice) {
    setValue(QLatin1String(kThemeSetting), themeChoiceName(choice));
}

QString Settings::runsFolder() const {
    return value(QLatin1String(kRunsFolderSetting)).toString();
}

void Settings::setRunsFolder(const QString& folder) {
    setValue(QLatin1String(kRunsFolderSetting), folder);
}

MeasuredMachine Settings::machine() const {
    const auto figure = [this](const char* name) {
        const double value = settings_.value(QStringLiteral("machine/") + QLatin1String(name)).toDouble();
        return std::isfinite(value) && value > 0.0 ? value : 0.0;
    };
    return {static_cast<int>(std::min(figure("threads"), 1e6)), figure("float32_gflops"), figure("bfloat16_gflops"),
            figure("read_gigabytes_per_s")};
}

void Settings::setMachine(const MeasuredMachine& machine) {
    settings_.setValue(QStringLiteral("machine/threads"), machine.threads);
    settings_.setValue(QStringLiteral("machine/float32_gflops"), machine.float32_gflops);
    settings_.setValue(QStringLiteral("machine/bfloat16_gflops"), machine.bfloat16_gflops);
    settings_.setValue(QStringLiteral("machine/read_gigabytes_per_s"), machine.read_gigabytes_per_s);
}

void Settings::setWindow(const QByteArray& geometry, const QByteArray& layout) {
    settings_.setValue(QStringLiteral("window/geometry"), geometry);
    settings_.setValue(QStringLiteral("window/layout"), layout);
}

void Settings::addRecentFile(const QString& path) {
    QStringList recent = recentFiles();
    recent.removeAll(path);
    recent.prepend(path);
    settings_.setValue(QStringLiteral("recent"), recent.mid(0, kRecentCount));
}

void Settings::setOpen(const QStringList& models, const QStringList& runs, const QString& mode,
                       const QByteArray& recipe) {
    settings_.setValue(QStringLiteral("session/models"), models);
    settings_.setValue(QStringLiteral("session/runs"), runs);
    settings_.setValue(QStringLiteral("session/mode"), mode);
    settings_.setValue(QStringLiteral("session/recipe"), recipe);
}

}  // namespace quantoscope
