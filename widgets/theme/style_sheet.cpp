// The one style sheet. @names are replaced by the tokens' colours and sizes.
#include <array>
#include <utility>

#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr const char* kFrameRules = R"(
QMainWindow, QDialog { background: @window; }
QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QWidget[role="panel"], QDockWidget > QWidget { background: @panel; }
QWidget[role="bar"] { background: @window; border: none; border-bottom: 1px solid @line; }
QDockWidget { color: @muted; font-size: @small; font-weight: 600; }
QDockWidget { titlebar-close-icon: url(@close); titlebar-normal-icon: url(@float); }
QDockWidget::title { background: @panel; padding: 8px 12px; text-align: left; }
QDockWidget::close-button, QDockWidget::float-button { border: 1px solid transparent; border-radius: 4px; background: transparent; padding: 0; icon-size: 10px; subcontrol-origin: margin; subcontrol-position: top right; position: absolute; top: 5px; width: 18px; height: 18px; }
QDockWidget::close-button { right: 8px; }
QDockWidget::float-button { right: 30px; }
QDockWidget::close-button:hover, QDockWidget::float-button:hover { background: @raised; border-color: @line; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @line; spacing: 6px; padding: 6px 10px; }
QStatusBar { background: @panel; border-top: 1px solid @line; color: @muted; }
QStatusBar::item { border: none; }
QMenuBar { background: @window; border-bottom: 1px solid @line; padding: 3px 8px; color: @muted; }
QMenuBar::item { padding: 4px 8px; border-radius: @radius; background: transparent; }
QMenuBar::item:selected { background: @raised; color: @text; }
QMenu { background: @raised; border: 1px solid @line; padding: 5px; }
QMenu::item { padding: 5px 26px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: @accent_background; }
QMenu::item:disabled { color: @faint; }
QMenu::separator { height: 1px; background: @line; margin: 5px 6px; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 5px 7px; }
QSplitter::handle { background: @line; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
)";

constexpr const char* kTextRules = R"(
QLabel { background: transparent; }
QLabel[role="section"] { color: @muted; font-size: @small; font-weight: 600; letter-spacing: 1px; }
QLabel[role="title"] { color: @text; font-weight: 600; }
QLabel[role="muted"] { color: @muted; }
QLabel[role="small"] { color: @muted; font-size: @small; }
QLabel[role="good"] { color: @good; }
QLabel[role="bad"] { color: @bad; }
QLabel[role="badge"] { color: @warning; border: 1px solid @warning; border-radius: 4px; padding: 1px 6px; font-size: @small; }
)";

constexpr const char* kControlRules = R"(
QPushButton, QComboBox { background: @raised; color: @text; border: 1px solid @line; border-radius: @radius; padding: 4px 11px; min-height: 17px; }
QPushButton:hover, QComboBox:hover { border-color: @faint; }
QPushButton:pressed, QPushButton:checked { background: @accent_background; border-color: @accent; }
QPushButton:focus, QComboBox:focus { border-color: @accent; }
QPushButton:disabled, QComboBox:disabled { color: @faint; }
QPushButton[primary="true"] { background: @accent; color: @on_accent; border-color: @accent; font-weight: 600; }
QPushButton[primary="true"]:hover { background: @accent_hover; }
QPushButton[primary="true"]:focus { border-color: @text; }
QPushButton[primary="true"]:disabled { background: @raised; color: @faint; border-color: @line; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url(@chevron); width: 9px; height: 9px; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @line; padding: 4px; outline: none; }
QToolButton { background: transparent; color: @text; border: 1px solid transparent; border-radius: @radius; padding: 4px 8px; }
QToolButton[popupMode="2"] { padding-right: 20px; }
QToolButton::menu-indicator { image: url(@chevron); width: 9px; height: 9px; subcontrol-origin: padding; subcontrol-position: right center; right: 6px; }
QToolButton:hover { background: @raised; border-color: @line; }
QToolButton:checked { background: @accent_background; color: @accent; }
QToolButton:focus { border-color: @accent; }
QToolButton:disabled { color: @faint; }
QToolButton[role="field"] { background: @panel; color: @muted; border-color: @line; min-width: 190px; text-align: left; }
QToolButton[role="field"]:hover { border-color: @faint; color: @text; }
QToolButton[role="mode"] { color: @muted; padding: 6px 16px; }
QToolButton[role="mode"]:hover { color: @text; background: @raised; border-color: transparent; }
QToolButton[role="mode"]:checked { color: @accent; background: @accent_background; font-weight: 600; }
QLineEdit, QSpinBox, QDoubleSpinBox, QPlainTextEdit, QTextEdit { background: @raised; color: @text; border: 1px solid @line; border-radius: @radius; padding: 4px 8px; selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: @faint; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border-color: @accent; }
QLineEdit[invalid="true"] { border-color: @bad; }
QCheckBox { background: transparent; spacing: 7px; }
QCheckBox[role="switch"] { spacing: 0; }
QCheckBox::indicator { width: 14px; height: 14px; border: 1px solid @faint; border-radius: 4px; background: @raised; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(@check); }
QProgressBar { background: @line; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
)";

constexpr const char* kItemRules = R"(
QAbstractItemView { background: @panel; color: @text; border: none; outline: none; selection-background-color: @accent_background; selection-color: @text; }
QTreeView::item, QListView::item { height: @row; padding: 0 4px; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableView { gridline-color: transparent; alternate-background-color: @panel; }
QTableView::item { padding: 0 9px; border: none; border-bottom: 1px solid @line; }
QTreeView::item:hover, QListView::item:hover, QTableView::item:hover { background: @raised; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected { background: @accent_background; color: @text; }
QHeaderView { background: @panel; border: none; }
QHeaderView::section { background: @panel; color: @muted; border: none; border-bottom: 1px solid @line; padding: 6px 9px; font-weight: 500; }
QHeaderView::section:hover { color: @text; }
QTableCornerButton::section { background: @panel; border: none; }
QTabBar::tab { background: transparent; color: @muted; padding: 6px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; }
QTabWidget::pane { border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @scroll; border-radius: 3px; margin: 2px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent; width: 0; height: 0; }
)";

QString replaced(QString text, const Tokens& tokens) {
    const QString side = tokens.dark ? QStringLiteral("dark") : QStringLiteral("light");
    // Longer names first: @accent must not eat the start of @accent_background.
    const std::array<std::pair<const char*, QString>, 22> names{{
        {"@accent_background", tokens.accent_background.name()},
        {"@accent_hover", mixed(tokens.text, tokens.accent, 0.12).name()},
        {"@on_accent", tokens.on_accent.name()},
        {"@accent", tokens.accent.name()},
        {"@window", tokens.window.name()},
        {"@panel", tokens.panel.name()},
        {"@raised", tokens.raised.name()},
        {"@line", tokens.line.name()},
        {"@text", tokens.text.name()},
        {"@muted", tokens.muted.name()},
        {"@faint", tokens.faint.name()},
        {"@good", tokens.good.name()},
        {"@bad", tokens.bad.name()},
        {"@scroll", mixed(tokens.faint, tokens.panel, 0.5).name()},
        {"@small", QStringLiteral("%1px").arg(kSmallTextPixels)},
        {"@radius", QStringLiteral("%1px").arg(kControlRadius)},
        {"@row", QStringLiteral("%1px").arg(kRowPixels)},
        {"@chevron", QStringLiteral(":/quantoscope/chevron-%1.svg").arg(side)},
        {"@check", QStringLiteral(":/quantoscope/check-%1.svg").arg(side)},
        {"@close", QStringLiteral(":/quantoscope/close-%1.svg").arg(side)},
        {"@float", QStringLiteral(":/quantoscope/float-%1.svg").arg(side)},
        {"@warning", tokens.warning.name()},
    }};
    for (const auto& [name, value] : names) text.replace(QLatin1String(name), value);
    return text;
}

}  // namespace

QString themeStyleSheet(const Tokens& tokens) {
    return replaced(QLatin1String(kFrameRules) + QLatin1String(kTextRules) + QLatin1String(kControlRules) +
                        QLatin1String(kItemRules),
                    tokens);
}

}  // namespace quantoscope
