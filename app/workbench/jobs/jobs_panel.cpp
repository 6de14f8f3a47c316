#include "app/workbench/jobs/jobs_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "app/workbench/jobs/job_icon.h"
#include "app/workbench/session/session.h"

namespace quantoscope {
namespace {

constexpr int kFolderRole = Qt::UserRole + 1;  // what Resume goes on with

void fillRow(QTreeWidgetItem& item, const Job& job, const Tokens& tokens) {
    item.setText(0, job.request.title);
    item.setText(1, jobStateText(job));
    item.setIcon(1, jobIcon(job.state, tokens));
    item.setText(2, !job.isOver() && job.fraction >= 0
                        ? QStringLiteral("%1 %").arg(static_cast<int>(job.fraction * 100))
                        : QString());
    item.setText(3, !job.isOver() ? job.stage : QString::fromStdString(job.error.message));
    item.setData(0, Qt::UserRole, job.id);
    item.setData(0, kFolderRole, job.state == JobState::done ? QString() : job.request.run_folder);
}

void fillRow(QTreeWidgetItem& item, const RunFolderEntry& run) {
    std::int64_t finished = 0;
    std::int64_t total = 0;
    for (const auto& each : run.runs) {
        finished += each.info.finished_blocks;
        total += each.info.block_count;
    }
    item.setText(0, run.name);
    item.setText(1, QObject::tr("interrupted"));
    item.setIcon(1, {});
    item.setText(2, total > 0 ? QStringLiteral("%1 %").arg(100 * finished / total) : QString());
    item.setText(3, QObject::tr("can be resumed"));
    item.setData(0, Qt::UserRole, 0);
    item.setData(0, kFolderRole, run.folder);
}

}  // namespace

JobsPanel::JobsPanel(Session& session, QWidget* parent) : QWidget(parent), session_(session), jobs_(session.jobs()) {
    setObjectName(QStringLiteral("jobs_panel"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    list_ = new QTreeWidget(this);
    list_->setObjectName(QStringLiteral("jobs_list"));
    list_->setAccessibleName(tr("Jobs"));
    list_->setRootIsDecorated(false);
    list_->setHeaderLabels({tr("Job"), tr("State"), tr("Done"), tr("Stage")});
    list_->header()->resizeSection(0, 320);
    layout->addWidget(list_, 1);
    details_ = new QLabel(this);
    details_->setObjectName(QStringLiteral("job_details"));
    details_->setProperty("role", QStringLiteral("muted"));
    details_->setWordWrap(true);
    details_->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    layout->addWidget(details_);
    layout->addLayout(buildButtons());
    connect(list_, &QTreeWidget::currentItemChanged, this, &JobsPanel::refreshButtons);
    connect(list_, &QTreeWidget::itemActivated, this, [this] {
        if (const auto* job = current()) emit showRunWanted(job->request.run_folder);
    });
    connect(&jobs_, &JobQueue::changed, this, &JobsPanel::refresh);
    connect(&session_.runs(), &RunCatalog::changed, this, &JobsPanel::refresh);
    refresh();
}

QHBoxLayout* JobsPanel::buildButtons() {
    auto* buttons = new QHBoxLayout;
    up_ = addButton(QStringLiteral("job_up"), tr("Move up"));
    down_ = addButton(QStringLiteral("job_down"), tr("Move down"));
    pause_ = addButton(QStringLiteral("job_pause"), tr("Pause"));
    cancel_ = addButton(QStringLiteral("jobs_cancel"), tr("Cancel"));
    resume_ = addButton(QStringLiteral("job_resume"), tr("Resume"));
    resume_->setToolTip(tr("Goes on after the last finished block"));
    remove_ = addButton(QStringLiteral("job_remove"), tr("Remove from list"));
    for (auto* button : {up_, down_, pause_, cancel_, resume_, remove_}) buttons->addWidget(button);
    buttons->addStretch(1);
    connect(up_, &QPushButton::clicked, this, [this] { jobs_.move(current()->id, -1); });
    connect(down_, &QPushButton::clicked, this, [this] { jobs_.move(current()->id, +1); });
    connect(pause_, &QPushButton::clicked, this, [this] { jobs_.pauseOrResume(current()->id); });
    connect(cancel_, &QPushButton::clicked, this, [this] { jobs_.cancel(current()->id); });
    connect(resume_, &QPushButton::clicked, this, [this] { session_.resumeRun(resumable()); });
    connect(remove_, &QPushButton::clicked, this, [this] { jobs_.dismiss(current()->id); });
    return buttons;
}

QPushButton* JobsPanel::addButton(const QString& name, const QString& text) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(name);
    return button;
}

const Job* JobsPanel::current() const {
    const auto* item = list_->currentItem();
    return item != nullptr ? jobs_.find(item->data(0, Qt::UserRole).toInt()) : nullptr;
}

void JobsPanel::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && remove_ != nullptr) refresh();  // the marks are drawn in its colours
}

QString JobsPanel::resumable() const {
    const auto* item = list_->currentItem();
    const auto* job = current();
    if (item == nullptr || (job != nullptr && !job->isOver())) return {};
    const QString folder = item->data(0, kFolderRole).toString();
    return folder.isEmpty() || session_.isBusy(folder) ? QString() : folder;
}

void JobsPanel::refresh() {
    const int current_id = list_->currentItem() != nullptr ? list_->currentItem()->data(0, Qt::UserRole).toInt() : 0;
    const auto& jobs = jobs_.jobs();
    const auto interrupted = session_.interruptedRuns();
    const auto rows = static_cast<int>(jobs.size() + interrupted.size());
    while (list_->topLevelItemCount() > rows) delete list_->takeTopLevelItem(list_->topLevelItemCount() - 1);
    while (list_->topLevelItemCount() < rows) list_->addTopLevelItem(new QTreeWidgetItem);
    for (std::size_t i = 0; i < interrupted.size(); ++i)
        fillRow(*list_->topLevelItem(static_cast<int>(jobs.size() + i)), *interrupted[i]);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        auto* item = list_->topLevelItem(static_cast<int>(i));
        fillRow(*item, jobs[i], tokensOf(this));
        if (current_id > 0 && jobs[i].id == current_id) list_->setCurrentItem(item);
    }
    refreshButtons();
}

void JobsPanel::refreshButtons() {
    const auto* job = current();
    const bool waits = job != nullptr && job->state == JobState::queued;
    const bool paused = job != nullptr && job->state == JobState::paused;
    const bool runs = job != nullptr && job->state == JobState::running;
    up_->setEnabled(waits || paused);
    down_->setEnabled(waits || paused);
    pause_->setEnabled(paused || runs);
    pause_->setText(paused ? tr("Continue") : tr("Pause"));
    pause_->setToolTip(paused ? tr("Goes on where it was paused")
                              : tr("Stops the worker as it stands; it keeps its memory, and jobs behind it wait"));
    cancel_->setEnabled(waits || paused || runs);
    resume_->setEnabled(!resumable().isEmpty());
    remove_->setEnabled(job != nullptr && job->isOver());
    QString text;
    if (job != nullptr && job->state == JobState::failed) {
        text = QString::fromStdString(job->error.message);
        if (!job->error.path.empty()) text += QLatin1Char('\n') + QString::fromStdString(job->error.path);
        if (!job->error.cause.empty()) text += QLatin1Char('\n') + QString::fromStdString(job->error.cause);
    }
    details_->setText(text);
    details_->setVisible(!text.isEmpty());
}

}  // namespace quantoscope
