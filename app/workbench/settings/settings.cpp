#include "app/workbench/settings/settings.h"

namespace quantoscope {
namespace {

constexpr qsizetype kRecentCount = 10;

}  // namespace

Settings::Settings()
    : settings_(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("quantoscope"),
                QStringLiteral("quantoscope")) {}

Settings::Settings(const QString& file) : settings_(file, QSettings::IniFormat) {}

ThemeChoice Settings::theme() const {
    return themeChoiceFromName(
        settings_.value(QStringLiteral("theme"), themeChoiceName(ThemeChoice::system)).toString());
}

void Settings::setTheme(ThemeChoice choice) {
    settings_.setValue(QStringLiteral("theme"), themeChoiceName(choice));
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
