// Makes the application look like ours: palette, font and one style sheet from the same tokens; follows the desktop.
//
// Dynamic properties that the style sheet knows (set before the widget is shown, or call restyle() after):
//   QLabel      role = "section" (11 px spaced capitals; give it upper-case text), "title", "muted", "small", "bad",
//   "good" QPushButton primary = true (filled accent);  QToolButton role = "mode" (checkable mode bar entry) QWidget
//   role = "panel" (dock content), "bar" (tool row with a line below), "card"
#pragma once

#include <QFont>
#include <QObject>
#include <QPalette>
#include <QString>

#include "widgets/theme/tokens.h"

class QApplication;

namespace quantoscope {

enum class ThemeChoice { system, light, dark };

QPalette themePalette(const Tokens& tokens);
QString themeStyleSheet(const Tokens& tokens);
/// Inter when installed, else the system's; 13 px, tabular figures where the font has them.
QFont themeFont();
QFont smallFont();
QFont titleFont();
/// Sets style (Fusion), palette, font and style sheet.
void applyTheme(QApplication& application, const Tokens& tokens);
/// Re-reads the style sheet after a dynamic property changed.
void restyle(QWidget* widget);

/// Keeps the application's theme equal to the choice; with `system` it follows the desktop while running. One per
/// program.
class ThemeController : public QObject {
    Q_OBJECT
public:
    explicit ThemeController(QApplication& application, QObject* parent = nullptr);
    void setChoice(ThemeChoice choice);
    ThemeChoice choice() const { return choice_; }
    bool isDark() const { return dark_; }

signals:
    void themeChanged(bool dark);

private:
    void setDesktopDark(bool dark);
    void apply();

    QApplication& application_;
    ThemeChoice choice_ = ThemeChoice::system;
    bool desktop_dark_ = false;
    bool dark_ = false;
};

/// "system", "light", "dark", for the settings file.
QString themeChoiceName(ThemeChoice choice);
ThemeChoice themeChoiceFromName(const QString& name);

}  // namespace quantoscope
