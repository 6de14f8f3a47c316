#include "app/workbench/settings/folder_field.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStorageInfo>
#include <QTemporaryFile>
#include <QVBoxLayout>

#include "app/workbench/parts/file_dialogs.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {

FolderState lookAtFolder(const QString& path) {
    FolderState state;
    if (!QFileInfo(path).isDir()) {
        state.problem = FolderField::tr("There is no such folder: choose one that is there");
        return state;
    }
    QTemporaryFile probe(QDir(path).filePath(QStringLiteral(".quantoscope-XXXXXX")));
    if (!probe.open()) state.problem = FolderField::tr("Runs cannot be kept there: choose a folder you may write to");
    const QStorageInfo disk(path);
    if (disk.isValid()) state.free_bytes = disk.bytesAvailable();
    return state;
}

FolderField::FolderField(const QString& name, QWidget* parent) : QWidget(parent), task_(this) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(kGap / 2);
    auto* row = new QHBoxLayout;
    row->setSpacing(kGap);
    edit_ = new QLineEdit(this);
    edit_->setObjectName(name);
    auto* choose = new QPushButton(tr("Choose…"), this);
    choose->setObjectName(name + QStringLiteral("_choose"));
    choose->setAutoDefault(false);
    reset_ = new QPushButton(tr("Usual place"), this);
    reset_->setObjectName(name + QStringLiteral("_reset"));
    reset_->setAutoDefault(false);
    for (QWidget* widget : {static_cast<QWidget*>(edit_), static_cast<QWidget*>(choose), static_cast<QWidget*>(reset_)})
        row->addWidget(widget, widget == edit_ ? 1 : 0);
    state_ = new QLabel(this);
    state_->setObjectName(name + QStringLiteral("_state"));
    state_->setWordWrap(true);
    column->addLayout(row);
    column->addWidget(state_);
    connect(edit_, &QLineEdit::editingFinished, this, [this] { take(edit_->text().trimmed()); });
    connect(choose, &QPushButton::clicked, this,
            [this] { askForFolder(this, tr("Folder for runs"), [this](const QString& path) { take(path); }); });
    connect(reset_, &QPushButton::clicked, this, [this] { take({}); });
}

void FolderField::setFolder(const QString& path, const QString& usual) {
    usual_ = usual;
    current_ = path.isEmpty() ? usual : path;
    edit_->setText(QDir::toNativeSeparators(current_));
    reset_->setEnabled(current_ != usual_);
    look(current_, false);
}

void FolderField::take(const QString& path) {
    const QString wanted = path.isEmpty() ? usual_ : QDir::cleanPath(QDir::fromNativeSeparators(path));
    edit_->setText(QDir::toNativeSeparators(wanted));
    // Going back to the present one takes back the one that is still being looked at.
    if (wanted != current_ || wanted != asked_) look(wanted, wanted != current_);
}

void FolderField::look(const QString& path, bool wanted) {
    asked_ = path;
    task_.start([path](const std::stop_token&) { return lookAtFolder(path); },
                [this, path, wanted](const FolderState& state) {
                    show(state);
                    if (!wanted || !state.problem.isEmpty()) return;
                    current_ = path;
                    reset_->setEnabled(current_ != usual_);
                    emit accepted(path == usual_ ? QString() : path);
                });
}

void FolderField::show(const FolderState& state) {
    const bool good = state.problem.isEmpty();
    QString text = state.problem;
    if (good && state.free_bytes >= 0)
        text = tr("%1 free").arg(bytesText(static_cast<std::uint64_t>(state.free_bytes)));
    state_->setText(text);
    state_->setProperty("role", good ? QStringLiteral("muted") : QStringLiteral("bad"));
    restyle(state_);
}

}  // namespace quantoscope
