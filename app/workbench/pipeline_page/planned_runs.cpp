#include "app/workbench/pipeline_page/planned_runs.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPixmap>
#include <QTreeWidget>

#include "app/workbench/session/run_entry.h"
#include "widgets/card/card.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

constexpr int kLeastColumn = 40;  // pixels

QTreeWidgetItem* runRow(const Configuration& configuration, const Tokens& tokens) {
    ConfigurationInfo info;
    info.id = configuration.id;
    info.method = configuration.method;
    info.checkpoint = configuration.checkpoint;
    info.options = configuration.options;
    auto* item = new QTreeWidgetItem;
    QPixmap dot(10, 10);
    dot.fill(runColour(info, tokens));
    item->setIcon(0, dot);
    item->setText(0, runLabel(info));
    if (!configuration.isCheckpoint()) {
        item->setText(1, QString::number(integerOption(configuration.options, "bits")));
        const auto group = integerOption(configuration.options, "group_size");
        item->setText(2, group < 0 ? QObject::tr("channel") : QString::number(group));
    }
    item->setText(3, QString::fromStdString(configuration.id));
    for (const int column : {0, 3}) item->setToolTip(column, item->text(column));
    for (const int column : {1, 2}) item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    return item;
}

}  // namespace

QString estimateText(const Plan& plan) {
    return QObject::tr("≈ %1 · %2 memory · %3 disk")
        .arg(durationText(plan.seconds),
             bytesText(static_cast<std::uint64_t>(std::max<std::int64_t>(0, plan.memory_bytes))),
             bytesText(static_cast<std::uint64_t>(std::max<std::int64_t>(0, plan.disk_bytes))));
}

PlannedRuns::PlannedRuns(QWidget* parent) : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kCardPadding);
    runs_ = makeTable(QStringLiteral("planned_runs"), {tr("Run"), tr("Bits"), tr("Group"), tr("Id")}, {1, 2}, {0, 3});
    runs_->setAccessibleName(tr("Planned runs"));
    runs_card_ = new Card(tr("Planned runs"), this);
    runs_card_->setBody(runs_);
    phases_ = makeTable(QStringLiteral("planned_phases"), {tr("Phase"), tr("Time")}, {1}, {0});
    phases_->setAccessibleName(tr("Expected time of each phase"));
    phases_card_ = new Card(tr("Expected time"), this);
    phases_card_->setBody(phases_);
    row->addWidget(runs_card_, 3);
    row->addWidget(phases_card_, 2);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

QTreeWidget* PlannedRuns::makeTable(const QString& name, const QStringList& header, const QList<int>& numbers,
                                    const QList<int>& names) {
    auto* table = new QTreeWidget(this);
    table->setObjectName(name);
    table->setHeaderLabels(header);
    table->setRootIsDecorated(false);
    table->setFrameShape(QFrame::NoFrame);
    table->setUniformRowHeights(true);
    table->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    table->header()->setStretchLastSection(false);
    table->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->header()->setMinimumSectionSize(kLeastColumn);
    for (const int column : names) table->header()->setSectionResizeMode(column, QHeaderView::Stretch);
    // Numbers stand at the right, and so do their headings.
    for (const int column : numbers) table->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
    return table;
}

void PlannedRuns::setPlan(const Plan& plan) {
    runs_->clear();
    phases_->clear();
    for (const auto& configuration : plan.configurations) runs_->addTopLevelItem(runRow(configuration, tokensOf(this)));
    for (const auto& phase : plan.phases) {
        auto* item = new QTreeWidgetItem({QString::fromStdString(phase.label), durationText(phase.seconds)});
        item->setToolTip(0, item->text(0));
        item->setTextAlignment(1, Qt::AlignRight | Qt::AlignVCenter);
        phases_->addTopLevelItem(item);
    }
    // A card of rows, not a page of emptiness: both as high as the longer list, scrolling where the page is lower.
    const auto height = [](QTreeWidget* table) {
        return table->header()->sizeHint().height() + (table->topLevelItemCount() + 1) * kRowPixels;
    };
    const int wanted = std::max(height(runs_), height(phases_));
    for (auto* table : {runs_, phases_}) table->setMaximumHeight(wanted);
    const auto count = plan.configurations.size();
    runs_card_->setNote(count == 1 ? tr("1 run") : tr("%1 runs").arg(count));
    phases_card_->setNote(durationText(plan.seconds));
}

void PlannedRuns::clear(const QString& why) {
    runs_->clear();
    phases_->clear();
    runs_card_->setNote(why);
    phases_card_->setNote(QString());
}

}  // namespace quantoscope
