#include "app/workbench/session/selection.h"

namespace quantoscope {
namespace {

constexpr qsizetype kHistoryLength = 200;

}  // namespace

void SelectionModel::select(const Selection& selection) {
    if (selection == current_) return;
    past_.append(current_);
    if (past_.size() > kHistoryLength) past_.removeFirst();
    future_.clear();
    moveTo(selection);
}

void SelectionModel::selectRuns(const QList<RunKey>& runs) {
    Selection next = current_;
    next.runs = runs;
    select(next);
}

void SelectionModel::selectLinear(int block, LinearRole role) {
    if (current_.block == block && current_.linear == role) return;
    Selection next;
    next.runs = current_.runs;
    next.block = block;
    next.linear = role;
    select(next);
}

void SelectionModel::selectInside(std::optional<ChannelRange> channels, std::optional<qint64> group,
                                  std::optional<qint64> row) {
    if (!current_.hasLinear()) return;
    Selection next = current_;
    next.channels = channels;
    next.group = group;
    next.row = row;
    select(next);
}

void SelectionModel::toggleRun(const RunKey& run) {
    Selection next = current_;
    if (next.runs.removeAll(run) == 0) next.runs.append(run);
    select(next);
}

void SelectionModel::forgetRun(const RunKey& run) {
    for (auto* history : {&past_, &future_})
        for (auto& selection : *history) selection.runs.removeAll(run);
    if (!current_.runs.contains(run)) return;
    Selection next = current_;
    next.runs.removeAll(run);
    moveTo(next);
}

void SelectionModel::back() {
    if (past_.isEmpty()) return;
    future_.append(current_);
    moveTo(past_.takeLast());
}

void SelectionModel::forward() {
    if (future_.isEmpty()) return;
    past_.append(current_);
    moveTo(future_.takeLast());
}

void SelectionModel::moveTo(const Selection& selection) {
    current_ = selection;
    emit changed();
}

}  // namespace quantoscope
