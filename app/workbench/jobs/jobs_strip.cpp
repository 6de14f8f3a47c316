#include "app/workbench/jobs/jobs_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>

#include "app/workbench/jobs/job_icon.h"
#include "app/workbench/jobs/job_queue.h"
#include "widgets/text/number_text.h"
#include "widgets/theme/theme.h"

namespace quantoscope {
namespace {

constexpr int kSteps = 1000;

QLabel* mutedLabel(const QString& name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setProperty("role", QStringLiteral("muted"));
    return label;
}

}  // namespace

JobsStrip::JobsStrip(JobQueue& jobs, QWidget* parent) : QWidget(parent), jobs_(jobs) {
    setObjectName(QStringLiteral("jobs_strip"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 2, 8, 2);
    row->setSpacing(14);
    buildLabels();
    buildButtons();
    for (QWidget* widget :
         {static_cast<QWidget*>(mark_), static_cast<QWidget*>(title_), static_cast<QWidget*>(stage_),
          static_cast<QWidget*>(progress_), static_cast<QWidget*>(eta_), static_cast<QWidget*>(memory_)})
        row->addWidget(widget);
    row->addStretch(1);
    row->addWidget(pause_);
    row->addWidget(cancel_);
    row->addWidget(queued_);
    connect(&jobs_, &JobQueue::changed, this, &JobsStrip::refresh);
    refresh();
}

void JobsStrip::buildLabels() {
    title_ = new QLabel(this);
    title_->setObjectName(QStringLiteral("job_title"));
    stage_ = mutedLabel(QStringLiteral("job_stage"), this);
    progress_ = new QProgressBar(this);
    progress_->setObjectName(QStringLiteral("job_progress"));
    progress_->setAccessibleName(tr("Progress of the job"));
    progress_->setTextVisible(false);
    progress_->setFixedWidth(200);
    progress_->setMaximumHeight(6);
    eta_ = mutedLabel(QStringLiteral("job_eta"), this);
    memory_ = mutedLabel(QStringLiteral("job_memory"), this);
    mark_ = new QLabel(this);
    mark_->setObjectName(QStringLiteral("job_mark"));
    mark_->setAccessibleName(tr("Paused"));
}

void JobsStrip::buildButtons() {
    pause_ = new QToolButton(this);
    pause_->setObjectName(QStringLiteral("job_strip_pause"));
    cancel_ = new QToolButton(this);
    cancel_->setObjectName(QStringLiteral("job_cancel"));
    cancel_->setText(tr("Cancel"));
    queued_ = new QToolButton(this);
    queued_->setObjectName(QStringLiteral("job_queue"));
    queued_->setToolTip(tr("Show all jobs"));
    connect(pause_, &QToolButton::clicked, this, [this] {
        if (const auto* job = jobs_.running()) jobs_.pauseOrResume(job->id);
    });
    connect(cancel_, &QToolButton::clicked, this, [this] {
        if (const auto* job = jobs_.running()) jobs_.cancel(job->id);
    });
    connect(queued_, &QToolButton::clicked, this, &JobsStrip::detailsWanted);
}

void JobsStrip::setPreparing(const QString& text) {
    preparing_ = text;
    refresh();
}

void JobsStrip::refresh() {
    const auto* job = jobs_.running();
    const int waiting = jobs_.queuedCount();
    queued_->setText(waiting > 0 ? tr("%n queued", nullptr, waiting) : tr("Jobs"));
    for (QWidget* widget :
         {static_cast<QWidget*>(progress_), static_cast<QWidget*>(pause_), static_cast<QWidget*>(cancel_),
          static_cast<QWidget*>(eta_), static_cast<QWidget*>(memory_)})
        widget->setVisible(job != nullptr);
    mark_->setVisible(job != nullptr && job->state == JobState::paused);
    if (job != nullptr)
        showJob(*job);
    else
        showIdle();
}

void JobsStrip::showJob(const Job& job) {
    title_->setText(job.request.title);
    const bool paused = job.state == JobState::paused;
    mark_->setPixmap(jobIcon(job.state, tokensOf(this)).pixmap(16, 16));
    stage_->setText(job.state == JobState::cancelling ? tr("stopping…")
                    : paused && job.stage.isEmpty()   ? tr("Paused")
                    : paused                          ? tr("Paused at %1").arg(job.stage)
                    : job.stage.isEmpty()             ? tr("starting…")
                                                      : job.stage);
    pause_->setText(paused ? tr("Continue") : tr("Pause"));
    pause_->setToolTip(paused ? tr("Goes on where it was paused (Ctrl+P)")
                              : tr("Stops the worker as it stands; it keeps its memory (Ctrl+P)"));
    pause_->setEnabled(paused || job.state == JobState::running);
    progress_->setRange(0, job.fraction < 0 ? 0 : kSteps);
    if (job.fraction >= 0) progress_->setValue(static_cast<int>(job.fraction * kSteps));
    eta_->setText(paused ? QString() : etaText(job.eta_seconds));  // nobody knows when it goes on
    const QString memory = job.memory_bytes > 0 ? bytesText(static_cast<std::uint64_t>(job.memory_bytes)) : QString();
    QStringList held;
    if (!memory.isEmpty()) held << memory;
    if (job.device_bytes > 0) held << tr("GPU %1").arg(bytesText(static_cast<std::uint64_t>(job.device_bytes)));
    memory_->setText(held.join(QStringLiteral(" · ")));
    cancel_->setEnabled(paused || job.state == JobState::running);
}

void JobsStrip::showIdle() {
    const bool none = jobs_.jobs().empty();
    if (!preparing_.isEmpty()) {
        title_->setText(preparing_);
        stage_->clear();
        return;
    }
    title_->setText(none ? tr("No jobs") : QString(jobs_.jobs().back().request.title));
    stage_->setText(none ? QString() : jobStateText(jobs_.jobs().back()));
}

}  // namespace quantoscope
