#include "app/workbench/settings/settings_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "app/workbench/settings/folder_field.h"
#include "app/workbench/settings/setting_rows.h"

namespace quantoscope {
namespace {

constexpr QSize kSize{560, 620};

QLabel* label(const QString& text, const char* role, QWidget* parent) {
    auto* made = new QLabel(text, parent);
    made->setProperty("role", QLatin1String(role));
    made->setWordWrap(true);
    return made;
}

}  // namespace

SettingsDialog::SettingsDialog(Settings& settings, const QString& usual_runs, QWidget* parent)
    : QDialog(parent), settings_(settings), usual_runs_(usual_runs) {
    setObjectName(QStringLiteral("settings_dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Settings"));
    auto* layout = new QVBoxLayout(this);
    scroll_ = new QScrollArea(this);
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget(scroll_);
    auto* column = new QVBoxLayout(content);
    column->setSpacing(kGap / 2);
    addRows(*column);
    column->addStretch(1);
    scroll_->setWidget(content);
    layout->addWidget(scroll_, 1);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    // Return in a field takes what was typed; it must not close the dialog with it.
    buttons->button(QDialogButtonBox::Close)->setAutoDefault(false);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    layout->addWidget(buttons);
    resize(kSize);
    reveal(settingRows().first().id);
}

void SettingsDialog::addRows(QVBoxLayout& column) {
    QString section;
    for (const auto& row : settingRows()) {
        if (row.section != section) {
            if (!section.isEmpty()) column.addSpacing(kGap);
            column.addWidget(label(row.section.toUpper(), "section", this));
        }
        section = row.section;
        controls_.insert(row.id, addRow(column, row));
        column.addSpacing(kGap);
    }
}

QWidget* SettingsDialog::addRow(QVBoxLayout& column, const SettingRow& row) {
    QWidget* control = row.kind == SettingKind::choice    ? makeChoice(row)
                       : row.kind == SettingKind::boolean ? makeBoolean(row)
                                                          : makeFolder(row);
    control->setAccessibleDescription(row.help);
    if (row.kind != SettingKind::boolean) {
        auto* name = new QLabel(row.label, this);
        name->setBuddy(control);
        column.addWidget(name);
    }
    // A folder's field stands in a part of its own, with buttons and what is known of it.
    column.addWidget(row.kind == SettingKind::folder ? control->parentWidget() : control);
    column.addWidget(label(row.help, "muted", this));
    return control;
}

QWidget* SettingsDialog::makeChoice(const SettingRow& row) {
    auto* box = new QComboBox(this);
    box->setObjectName(QStringLiteral("setting_") + row.id);
    box->setAccessibleName(row.label);
    for (const auto& choice : row.choices) box->addItem(choice.label, choice.id);
    box->setCurrentIndex(box->findData(settings_.value(row.id)));
    connect(box, &QComboBox::currentIndexChanged, this, [this, box, id = row.id] { change(id, box->currentData()); });
    return box;
}

QWidget* SettingsDialog::makeBoolean(const SettingRow& row) {
    auto* box = new QCheckBox(row.label, this);
    box->setObjectName(QStringLiteral("setting_") + row.id);
    box->setChecked(settings_.value(row.id).toBool());
    connect(box, &QCheckBox::toggled, this, [this, id = row.id](bool on) { change(id, on); });
    return box;
}

QWidget* SettingsDialog::makeFolder(const SettingRow& row) {
    auto* field = new FolderField(QStringLiteral("setting_") + row.id, this);
    field->edit()->setAccessibleName(row.label);
    field->setFolder(settings_.value(row.id).toString(), usual_runs_);
    connect(field, &FolderField::accepted, this, [this, id = row.id](const QString& path) { change(id, path); });
    return field->edit();
}

void SettingsDialog::change(const QString& id, const QVariant& value) {
    settings_.setValue(id, value);
    emit settingChanged(id);
}

void SettingsDialog::reveal(const QString& id) {
    auto* control = controls_.value(id);
    if (control == nullptr) return;
    scroll_->ensureWidgetVisible(control);
    control->setFocus(Qt::ShortcutFocusReason);
}

}  // namespace quantoscope
