#include "app/workbench/parts/file_dialogs.h"

#include <QFileDialog>

namespace quantoscope {
namespace {

void open(QFileDialog* dialog, PathTaker take) {
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &QFileDialog::fileSelected, dialog,
                     [take = std::move(take)](const QString& path) { take(path); });
    dialog->open();
}

}  // namespace

void askForFile(QWidget* parent, const QString& title, const QString& filter, PathTaker take) {
    auto* dialog = new QFileDialog(parent, title, QString(), filter);
    dialog->setObjectName(QStringLiteral("open_file_dialog"));
    dialog->setFileMode(QFileDialog::ExistingFile);
    open(dialog, std::move(take));
}

void askForFolder(QWidget* parent, const QString& title, PathTaker take) {
    auto* dialog = new QFileDialog(parent, title);
    dialog->setObjectName(QStringLiteral("open_folder_dialog"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    open(dialog, std::move(take));
}

void askForNewFile(QWidget* parent, const QString& title, const QString& name, const QString& suffix, PathTaker take) {
    auto* dialog = new QFileDialog(parent, title);
    dialog->setObjectName(QStringLiteral("save_file_dialog"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(name);
    open(dialog, std::move(take));
}

}  // namespace quantoscope
