#include "app/workbench/analyse_page/linear_strips.h"

#include <QGridLayout>
#include <algorithm>

#include "app/workbench/analyse_page/analysis_data.h"
#include "app/workbench/analyse_page/error_matrix.h"
#include "app/workbench/parts/export_button.h"
#include "widgets/card/card.h"
#include "widgets/group_weights/group_weights_view.h"
#include "widgets/strip/strip_view.h"

namespace quantoscope {
namespace {

constexpr int kStripHeight = 168;
constexpr int kWeightsHeight = 280;

}  // namespace

LinearStrips::LinearStrips(Session& session, ErrorMatrix& errors, QWidget* parent)
    : QWidget(parent), session_(session), errors_(errors) {
    connect(&errors_, &ErrorMatrix::failed, this, &LinearStrips::showProblem);
    buildStrips();
    buildWeights();
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(kCardPadding);
    grid->addWidget(channel_card_, 0, 0);
    grid->addWidget(group_card_, 0, 1);
    grid->addWidget(weights_card_, 1, 0, 1, 2);
    for (const int column : {0, 1}) grid->setColumnStretch(column, 1);
    grid->setRowMinimumHeight(0, kStripHeight);
    grid->setRowMinimumHeight(1, kWeightsHeight);
}

Card* LinearStrips::card(const QString& title, const QString& name, QWidget* view) {
    auto* made = new Card(title, this);
    made->setBody(view);
    addExportButton(
        *made, name, dynamic_cast<const ExportableView*>(view), [this] { return runCaption(session_, run_); },
        [this](const Error& error) { emit session_.failed(error); });
    return made;
}

void LinearStrips::buildStrips() {
    channels_ = new StripView(StripChoice::range, this);
    channels_->setObjectName(QStringLiteral("channel_strip"));
    channel_card_ = card(tr("Input channels"), QStringLiteral("export_channels"), channels_);
    group_strip_ = new StripView(StripChoice::single, this);
    group_strip_->setObjectName(QStringLiteral("group_strip"));
    group_card_ = card(tr("Groups"), QStringLiteral("export_groups"), group_strip_);
    connect(channels_, &StripView::rangeSelected, this, &LinearStrips::selectChannels);
    connect(channels_, &StripView::rangeActivated, this, &LinearStrips::channelsActivated);
    connect(group_strip_, &StripView::rangeSelected, this, &LinearStrips::selectGroup);
    connect(group_strip_, &StripView::rangeActivated, this, [this] {
        if (const auto& range = session_.selection().current().channels)
            emit channelsActivated(range->first, range->last);
    });
    for (const auto* strip : {channels_, group_strip_})
        connect(strip, &StripView::selectionCleared, this,
                [this] { session_.selection().selectInside(std::nullopt, std::nullopt, std::nullopt); });
}

void LinearStrips::buildWeights() {
    weights_ = new GroupWeightsView(this);
    weights_->setObjectName(QStringLiteral("group_weights"));
    weights_card_ = card(tr("Single weights over their grid"), QStringLiteral("export_group_weights"), weights_);
    connect(weights_, &GroupWeightsView::channelSelected, this, [this](qint64 channel) {
        const auto& selection = session_.selection().current();
        session_.selection().selectInside(ChannelRange{channel, channel}, selection.group,
                                          shown_row_ >= 0 ? std::optional(shown_row_) : selection.row);
    });
    connect(weights_, &GroupWeightsView::rowStepped, this, [this](int step) {
        const auto& selection = session_.selection().current();
        if (shown_row_ < 0) return;
        session_.selection().selectInside(selection.channels, selection.group,
                                          std::clamp(shown_row_ + step, qint64{0}, rows_ - 1));
    });
}

void LinearStrips::setLinear(const RunKey& run, const LinearRecord& linear, const LinearRecord* pinned,
                             const QString& name, const QColor& colour) {
    if (run != run_ || name != name_) {  // the weights of another linear do not stand under this one's name
        shown_row_ = -1;
        weights_->setWeights(nullptr);
    }
    run_ = run;
    name_ = name;
    groups_ = linear.groups;
    columns_ = linear.columns;
    rows_ = linear.rows;
    const QString label = tr("mean squared error");
    const bool comparable = pinned != nullptr && pinned->columns == linear.columns;
    channels_->setEmptyText(tr("Not measured"));
    channels_->setTitle(tr("Error per input channel, %1").arg(name));
    channels_->setColour(colour);
    channels_->setData(
        {label, tr("channel"), linear.channel_error, comparable ? pinned->channel_error : std::vector<float>()});
    group_strip_->setEmptyText(
        tr("No groups are known: the checkpoint was not quantized here, or by an earlier version"));
    group_strip_->setTitle(tr("Error per group, %1").arg(name));
    group_strip_->setColour(colour);
    const bool same_groups = comparable && pinned->groups.group_size == groups_.group_size &&
                             pinned->groups.group_index == groups_.group_index;
    group_strip_->setData({label, tr("group"), groups_.mean_squared_error,
                           same_groups ? pinned->groups.mean_squared_error : std::vector<float>()});
    group_card_->setNote(groupCount() == 1  ? tr("one group a row")
                         : groupCount() > 1 ? tr("%1 columns each").arg(groups_.group_size)
                                            : QString());
    weights_->setColour(colour);
    weights_->setTitle(tr("Single weights over their grid, %1").arg(name));
    for (auto* each : {channel_card_, group_card_, weights_card_}) each->setDetail(name);
}

void LinearStrips::clear(const QString& why) {
    run_ = {};
    groups_ = {};
    columns_ = 0;
    shown_row_ = -1;
    for (auto* strip : {channels_, group_strip_}) {
        strip->setEmptyText(why);
        strip->setData({});
    }
    weights_->setWeights(nullptr);
    weights_->setEmptyText(why);
    for (auto* each : {channel_card_, group_card_, weights_card_}) {
        each->setDetail(QString());
        each->setNote(QString());
    }
}

void LinearStrips::selectChannels(qint64 first, qint64 last) {
    std::optional<qint64> group;
    // One group when the range lies in one; the first channel's otherwise: its weights are what is shown.
    if (groups_.group_size > 0) group = groups_.groupOf(first);
    session_.selection().selectInside(ChannelRange{first, last}, group, session_.selection().current().row);
}

void LinearStrips::selectGroup(qint64 group) {
    std::optional<ChannelRange> channels;
    if (groups_.group_index.empty()) {
        const qint64 first = group * groups_.group_size;
        channels = ChannelRange{first, std::min(first + groups_.group_size, columns_) - 1};
    }
    session_.selection().selectInside(channels, group, std::nullopt);
}

void LinearStrips::showPlace() {
    if (columns_ == 0) return;
    const auto& selection = session_.selection().current();
    channels_->setSelected(selection.channels
                               ? std::optional(StripRange{selection.channels->first, selection.channels->last})
                               : std::nullopt);
    group_strip_->setSelected(selection.group ? std::optional(StripRange{*selection.group, *selection.group})
                                              : std::nullopt);
    const bool single = selection.channels && selection.channels->first == selection.channels->last;
    weights_->setChannel(single ? std::optional(selection.channels->first) : std::nullopt);
    requestWeights();
}

void LinearStrips::showProblem(const Error& problem) {
    shown_row_ = -1;
    weights_->setWeights(nullptr);
    weights_->setEmptyText(QString::fromStdString(problem.message));
    weights_card_->setNote(QString());
}

void LinearStrips::requestWeights() {
    const auto& selection = session_.selection().current();
    const bool there = selection.group && *selection.group >= 0 && *selection.group < groupCount() &&
                       (!selection.row || (*selection.row >= 0 && *selection.row < rows_));
    if (!there) {
        errors_.dropGroup();
        shown_row_ = -1;
        weights_->setWeights(nullptr);
        weights_->setEmptyText(
            groupCount() == 0
                ? tr("No groups are known: the checkpoint was not quantized here, or by an earlier version")
                : tr("Choose a channel or a group to see its single weights"));
        weights_card_->setNote(QString());
        return;
    }
    if (const auto& problem = errors_.problem()) return showProblem(*problem);
    if (weights_->weights() == nullptr) weights_->setEmptyText(tr("Reading…"));
    weights_card_->setNote(tr("group %1").arg(*selection.group));
    errors_.group(*selection.group, selection.row, [this](std::shared_ptr<const GroupWeights> read) {
        shown_row_ = read->row;
        weights_card_->setNote(tr("group %1, row %2%3")
                                   .arg(read->group)
                                   .arg(read->row)
                                   .arg(session_.selection().current().row ? QString() : tr(" (largest error)")));
        weights_->setWeights(std::move(read));
    });
}

}  // namespace quantoscope
