#include "widgets/theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QStyle>
#include <QStyleFactory>
#include <QWidget>

#include "widgets/theme/desktop_scheme.h"

namespace quantoscope {
namespace {

QFont fontOfSize(int pixels) {
    QFont font = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    if (QFontDatabase::hasFamily(QStringLiteral("Inter"))) font.setFamily(QStringLiteral("Inter"));
    font.setPixelSize(pixels);
    font.setWeight(QFont::Normal);
    return font;
}

}  // namespace

QPalette themePalette(const Tokens& tokens) {
    QPalette palette;
    palette.setColor(QPalette::Window, tokens.window);
    palette.setColor(QPalette::WindowText, tokens.text);
    palette.setColor(QPalette::Base, tokens.panel);
    palette.setColor(QPalette::AlternateBase, tokens.raised);
    palette.setColor(QPalette::Text, tokens.text);
    palette.setColor(QPalette::PlaceholderText, tokens.muted);
    palette.setColor(QPalette::Button, tokens.raised);
    palette.setColor(QPalette::ButtonText, tokens.text);
    palette.setColor(QPalette::BrightText, tokens.bad);
    palette.setColor(QPalette::Highlight, tokens.accent_background);
    palette.setColor(QPalette::HighlightedText, tokens.text);
    palette.setColor(QPalette::Link, tokens.accent);
    palette.setColor(QPalette::ToolTipBase, tokens.raised);
    palette.setColor(QPalette::ToolTipText, tokens.text);
    palette.setColor(QPalette::Light, tokens.line);
    palette.setColor(QPalette::Midlight, tokens.line);
    palette.setColor(QPalette::Mid, tokens.line);
    palette.setColor(QPalette::Dark, tokens.line);
    palette.setColor(QPalette::Shadow, tokens.window);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, mixed(tokens.muted, tokens.panel, 0.75));
    return palette;
}

QFont themeFont() {
    return fontOfSize(kTextPixels);
}
QFont smallFont() {
    return fontOfSize(kSmallTextPixels);
}
QFont titleFont() {
    QFont font = fontOfSize(kTextPixels);
    font.setWeight(QFont::DemiBold);
    return font;
}

void applyTheme(QApplication& application, const Tokens& tokens) {
    if (application.style()->objectName() != QLatin1String("fusion"))
        QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(themePalette(tokens));
    QApplication::setFont(themeFont());
    application.setStyleSheet(themeStyleSheet(tokens));
}

void restyle(QWidget* widget) {
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

ThemeController::ThemeController(QApplication& application, QObject* parent)
    : QObject(parent), application_(application) {
    desktop_dark_ = QApplication::palette().color(QPalette::Window).lightness() < 128;
    auto* desktop = new DesktopScheme(this);
    connect(desktop, &DesktopScheme::darkChanged, this, &ThemeController::setDesktopDark);
    dark_ = desktop_dark_;
    applyTheme(application_, dark_ ? darkTokens() : lightTokens());
}

void ThemeController::setChoice(ThemeChoice choice) {
    choice_ = choice;
    apply();
}

void ThemeController::setDesktopDark(bool dark) {
    desktop_dark_ = dark;
    apply();
}

void ThemeController::apply() {
    const bool dark = choice_ == ThemeChoice::dark || (choice_ == ThemeChoice::system && desktop_dark_);
    if (dark == dark_) return;
    dark_ = dark;
    applyTheme(application_, dark_ ? darkTokens() : lightTokens());
    emit themeChanged(dark_);
}

QString themeChoiceName(ThemeChoice choice) {
    switch (choice) {
        case ThemeChoice::light:
            return QStringLiteral("light");
        case ThemeChoice::dark:
            return QStringLiteral("dark");
        case ThemeChoice::system:
            break;
    }
    return QStringLiteral("system");
}

ThemeChoice themeChoiceFromName(const QString& name) {
    if (name == QLatin1String("light")) return ThemeChoice::light;
    if (name == QLatin1String("dark")) return ThemeChoice::dark;
    return ThemeChoice::system;
}

}  // namespace quantoscope
