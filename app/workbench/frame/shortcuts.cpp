#include "app/workbench/frame/shortcuts.h"

#include <QAction>
#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>
#include <array>

#include "widgets/theme/tokens.h"

namespace quantoscope {
namespace {

QString text(const char* source) {
    return QCoreApplication::translate("Shortcuts", source);
}

struct ViewShortcut {
    const char* where;
    const char* what;
    const char* keys;
};
// What views do with keys themselves; their own tests press them.
constexpr std::array<ViewShortcut, 37> kViews{{
    {"Pipeline chips", "Next card", "Tab"},
    {"Pipeline chips", "Walk along the chips", "←  →"},
    {"Pipeline chips", "Open, add", "Return, Ins"},
    {"Pipeline chips", "Switch on or off", "Space"},
    {"Pipeline chips", "Move", "Alt+←  Alt+→"},
    {"Pipeline chips", "Copy, cut, paste, duplicate", "Ctrl+C, Ctrl+X, Ctrl+V, Ctrl+D"},
    {"Pipeline chips", "Remove", "Del"},
    {"Maps of runs", "Walk over the cells", "←  →  ↑  ↓"},
    {"Maps of runs", "First, last block", "Home, End"},
    {"Maps of runs", "Select nothing", "Esc"},
    {"Maps of bits", "Walk over the cells", "←  →  ↑  ↓"},
    {"Maps of bits", "Paint with the brush", "Space"},
    {"Maps of bits", "Set so many bits", "2 … 8"},
    {"Maps of bits", "Take back what was set", "Del"},
    {"Maps of bits", "Paint a rectangle", "Shift + drag"},
    {"Map of a linear", "Zoom", "wheel, + −"},
    {"Map of a linear", "Move", "drag, ←  →  ↑  ↓"},
    {"Map of a linear", "All of it", "double click, 0"},
    {"Channels and groups", "Walk", "←  →"},
    {"Channels and groups", "Next larger, smaller value", "↑  ↓"},
    {"Channels and groups", "Make the range longer, shorter", "Shift+←  Shift+→"},
    {"Channels and groups", "First, last", "Home, End"},
    {"Channels and groups", "Zoom the map there", "Return, double click"},
    {"Channels and groups", "Choose none", "Esc"},
    {"Single weights", "Next channel of the group", "←  →"},
    {"Single weights", "Another row", "↑  ↓"},
    {"Colour range", "Choose a handle", "Tab"},
    {"Colour range", "Move it, in long steps", "←  →, Shift+←  Shift+→"},
    {"Colour range", "Fit to the values", "Home"},
    {"Error anatomy", "Walk over parts and runs", "←  →  ↑  ↓"},
    {"Model overview", "Walk over the tensors, open one", "←  →  ↑  ↓, Return"},
    {"Charts", "Zoom, move along x", "wheel, drag"},
    {"Charts", "All of it", "double click"},
    {"Tables", "Copy as CSV", "Ctrl+C"},
    {"Explorer", "Rename a run folder", "F2"},
    {"Performance overlay", "Scroll", "↑  ↓, Page Up, Page Down, wheel"},
    {"Performance overlay", "Close", "Esc"},
}};

}  // namespace

std::vector<ShortcutRow> shortcutRows(const QList<QAction*>& actions) {
    std::vector<ShortcutRow> rows;
    for (const auto* action : actions) {
        if (action->shortcut().isEmpty()) continue;
        QString name = action->text();
        name.remove(QLatin1Char('&'));
        rows.push_back({text("Anywhere"), name, action->shortcut().toString(QKeySequence::NativeText)});
    }
    for (const auto& view : kViews) rows.push_back({text(view.where), text(view.what), QString::fromUtf8(view.keys)});
    return rows;
}

void showShortcuts(QWidget& window, const QList<QAction*>& actions) {
    auto* dialog = new QDialog(&window);
    dialog->setObjectName(QStringLiteral("shortcuts"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(text("Keyboard shortcuts"));
    auto* model = new QStandardItemModel(dialog);
    model->setHorizontalHeaderLabels({text("Where"), text("What"), text("Keys")});
    for (const auto& row : shortcutRows(actions)) {
        QList<QStandardItem*> items;
        for (const auto& cell : {row.where, row.what, row.keys}) items.append(new QStandardItem(cell));
        for (auto* item : items) item->setEditable(false);
        model->appendRow(items);
    }
    auto* filtered = new QSortFilterProxyModel(dialog);
    filtered->setSourceModel(model);
    filtered->setFilterKeyColumn(-1);
    filtered->setFilterCaseSensitivity(Qt::CaseInsensitive);
    auto* filter = new QLineEdit(dialog);
    filter->setPlaceholderText(text("Filter…"));
    filter->setAccessibleName(text("Filter shortcuts"));
    filter->setClearButtonEnabled(true);
    QObject::connect(filter, &QLineEdit::textChanged, filtered, &QSortFilterProxyModel::setFilterFixedString);
    auto* table = new QTableView(dialog);
    table->setTabKeyNavigation(false);
    table->setModel(filtered);
    table->setAccessibleName(text("Shortcuts"));
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(kRowPixels);
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setStretchLastSection(true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(filter);
    layout->addWidget(table, 1);
    layout->addWidget(buttons);
    dialog->resize(620, 560);
    dialog->open();
}

}  // namespace quantoscope
