#include "app/workbench/runs/run_actions.h"

#include <QDesktopServices>
#include <QInputDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

#include "app/workbench/parts/file_dialogs.h"
#include "app/workbench/report/report_maker.h"
#include "app/workbench/settings/setting_rows.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

QAction* entry(QMenu& menu, const QString& name, const QString& text) {
    auto* action = menu.addAction(text);
    action->setObjectName(name);
    return action;
}

}  // namespace

RunActions::RunActions(Session& session, const Settings& settings, QWidget* window)
    : QObject(window), session_(session), settings_(settings), window_(window) {}

void RunActions::fillRun(QMenu& menu, const RunKey& run) {
    const bool pinned = session_.baseline() == run;
    connect(entry(menu, QStringLiteral("pin"), pinned ? tr("Unpin baseline") : tr("Pin as baseline")),
            &QAction::triggered, this, [this, run, pinned] { session_.setBaseline(pinned ? RunKey() : run); });
    const auto* found = session_.runs().find(run);
    const bool finished = found != nullptr && found->isFinished();
    auto* evaluate = entry(menu, QStringLiteral("evaluate"), tr("Evaluate…"));
    evaluate->setEnabled(finished);
    connect(evaluate, &QAction::triggered, this, [this, run] { emit evaluateWanted(run); });
    auto* save = entry(menu, QStringLiteral("export"), tr("Export checkpoint…"));
    save->setEnabled(finished && found->wasQuantizedHere());
    connect(save, &QAction::triggered, this, [this, run] { emit exportWanted(run); });
    menu.addSeparator();
}

void RunActions::fill(QMenu& menu, const QString& folder, const RunKey& run) {
    if (!run.isNull()) fillRun(menu, run);
    connect(entry(menu, QStringLiteral("rename"), tr("Rename…")), &QAction::triggered, this,
            [this, folder] { emit renameWanted(folder); });
    connect(entry(menu, QStringLiteral("annotate"), tr("Annotate…")), &QAction::triggered, this,
            [this, folder] { annotate(folder); });
    auto* resume = entry(menu, QStringLiteral("resume"), tr("Resume"));
    resume->setEnabled(!session_.isBusy(folder));
    resume->setToolTip(tr("Goes on after the last finished block"));
    connect(resume, &QAction::triggered, this, [this, folder] { session_.resumeRun(folder); });
    connect(entry(menu, QStringLiteral("report"), tr("Report…")), &QAction::triggered, this,
            [this, folder] { report(folder); });
    connect(entry(menu, QStringLiteral("open_folder"), tr("Open folder")), &QAction::triggered, this,
            [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
    menu.addSeparator();
    auto* erase = entry(menu, QStringLiteral("delete"), tr("Delete run folder…"));
    erase->setEnabled(!session_.isBusy(folder));
    connect(erase, &QAction::triggered, this, [this, folder] { remove(folder); });
}

void RunActions::annotate(const QString& folder) {
    const auto* found = session_.runs().findFolder(folder);
    if (found == nullptr) return;
    auto* dialog = new QInputDialog(window_);
    dialog->setObjectName(QStringLiteral("annotate_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Annotate %1").arg(found->name));
    dialog->setLabelText(tr("Your note on this run:"));
    dialog->setOption(QInputDialog::UsePlainTextEditForTextInput);
    dialog->setTextValue(QString::fromStdString(found->notes.annotation));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, folder](const QString& text) { session_.runs().annotate(folder, text); });
    dialog->open();
}

void RunActions::report(const QString& folder) {
    const auto* found = session_.runs().findFolder(folder);
    if (found == nullptr) return;
    askForNewFile(window_, tr("Report as HTML or PDF"), found->name + QStringLiteral(".html"), QStringLiteral("html"),
                  [this, folder](const QString& path) {
                      auto* maker = new ReportMaker(session_, folder, path, this);
                      connect(maker, &ReportMaker::finished, this, &RunActions::reported);
                      connect(maker, &ReportMaker::failed, &session_, &Session::failed);
                      maker->start();
                  });
}

void RunActions::remove(const QString& folder) {
    const auto* found = session_.runs().findFolder(folder);
    if (found == nullptr) return;
    if (!settings_.isOn(kConfirmDeleteSetting)) {
        session_.runs().remove(folder);
        return;
    }
    auto* box =
        new QMessageBox(QMessageBox::Warning, tr("Delete run folder"),
                        tr("Delete “%1”, all %2 configurations in it?").arg(found->name).arg(found->runs.size()),
                        QMessageBox::Cancel, window_);
    box->setObjectName(QStringLiteral("delete_question"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("This frees %1 and cannot be undone.\n%2").arg(bytesText(found->disk_bytes), folder));
    auto* erase = box->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(erase, &QPushButton::clicked, this, [this, folder] { session_.runs().remove(folder); });
    box->open();
}

}  // namespace quantoscope
