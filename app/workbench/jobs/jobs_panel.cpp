#include "app/workbench/jobs/jobs_panel.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "app/workbench/jobs/job_queue.h"

namespace quantoscope {
namespace {

void fillRow(QTreeWidgetItem& item, const Job& job) {
    item.setText(0, job.request.title);
    item.setText(1, jobStateText(job.state));
    item.setText(2, job.isActive() && job.fraction >= 0
                        ? QStringLiteral("%1 %").arg(static_cast<int>(job.fraction * 100))
                        : QString());
    item.setText(3, job.isActive() ? job.stage : QString::fromStdString(job.error.message));
    item.setData(0, Qt::UserRole, job.id);
}

}  // namespace

JobsPanel::JobsPanel(JobQueue& jobs, QWidget* parent) : QWidget(parent), jobs_(jobs) {
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
    auto* buttons = new QHBoxLayout;
    layout->addLayout(buttons);
    up_ = addButton(QStringLiteral("job_up"), tr("Move up"));
    down_ = addButton(QStringLiteral("job_down"), tr("Move down"));
    cancel_ = addButton(QStringLiteral("jobs_cancel"), tr("Cancel"));
    remove_ = addButton(QStringLiteral("job_remove"), tr("Remove from list"));
    for (auto* button : {up_, down_, cancel_, remove_}) buttons->addWidget(button);
    buttons->addStretch(1);
    connect(up_, &QPushButton::clicked, this, [this] { jobs_.move(current()->id, -1); });
    connect(down_, &QPushButton::clicked, this, [this] { jobs_.move(current()->id, +1); });
    connect(cancel_, &QPushButton::clicked, this, [this] { jobs_.cancel(current()->id); });
    connect(remove_, &QPushButton::clicked, this, [this] { jobs_.dismiss(current()->id); });
    connect(list_, &QTreeWidget::currentItemChanged, this, &JobsPanel::refreshButtons);
    connect(list_, &QTreeWidget::itemActivated, this, [this] {
        if (const auto* job = current()) emit showRunWanted(job->request.run_folder);
    });
    connect(&jobs_, &JobQueue::changed, this, &JobsPanel::refresh);
    refresh();
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

void JobsPanel::refresh() {
    const int current_id = list_->currentItem() != nullptr ? list_->currentItem()->data(0, Qt::UserRole).toInt() : 0;
    const auto& jobs = jobs_.jobs();
    while (list_->topLevelItemCount() > static_cast<int>(jobs.size()))
        delete list_->takeTopLevelItem(list_->topLevelItemCount() - 1);
    while (list_->topLevelItemCount() < static_cast<int>(jobs.size())) list_->addTopLevelItem(new QTreeWidgetItem);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        auto* item = list_->topLevelItem(static_cast<int>(i));
        fillRow(*item, jobs[i]);
        if (jobs[i].id == current_id) list_->setCurrentItem(item);
    }
    refreshButtons();
}

void JobsPanel::refreshButtons() {
    const auto* job = current();
    const bool waits = job != nullptr && job->state == JobState::queued;
    up_->setEnabled(waits);
    down_->setEnabled(waits);
    cancel_->setEnabled(waits || (job != nullptr && job->state == JobState::running));
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
