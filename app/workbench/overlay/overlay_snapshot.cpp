#include "app/workbench/overlay/overlay_snapshot.h"

#include <algorithm>

namespace quantoscope {
namespace {

constexpr std::size_t kMostSlices = 400;

void addTo(std::vector<EventPhase>& totals, const EventPhase& phase) {
    auto found = std::ranges::find(totals, phase.name, &EventPhase::name);
    if (found == totals.end()) found = totals.insert(totals.end(), {phase.name, 0.0, 0.0, 0.0});
    found->seconds += phase.seconds;
    found->cpu_seconds += phase.cpu_seconds;
    found->operations += phase.operations;
}

}  // namespace

void takeStart(OverlaySnapshot& snapshot, const QString& title) {
    snapshot.has_job = true;
    snapshot.job = title;
    snapshot.stage.clear();
    snapshot.slices.clear();
    snapshot.totals.clear();
    snapshot.total_seconds = 0.0;
    snapshot.memory_bytes = 0;
    snapshot.peak_memory_bytes = 0;
    snapshot.mapped_bytes = 0;
    snapshot.device.clear();
    snapshot.device_budget_bytes = 0;
    snapshot.device_memory.clear();
}

void takeReport(OverlaySnapshot& snapshot, const Event& report, double now_seconds) {
    if (report.memory_bytes > 0) snapshot.memory_bytes = report.memory_bytes;
    snapshot.peak_memory_bytes = std::max(snapshot.peak_memory_bytes, snapshot.memory_bytes);
    if (report.kind == EventKind::progress) snapshot.stage = QString::fromStdString(report.text);
    if (report.kind == EventKind::device) {
        snapshot.device = QString::fromStdString(report.text);
        snapshot.device_budget_bytes = report.device_budget_bytes;
        snapshot.device_memory = report.device_memory;
    }
    if (report.kind != EventKind::phases) return;
    snapshot.mapped_bytes = report.mapped_bytes;
    WorkSlice slice{now_seconds, report.seconds, report.phases, snapshot.stage};
    for (const auto& phase : slice.phases) addTo(snapshot.totals, phase);
    std::ranges::stable_sort(snapshot.totals, std::ranges::greater(), &EventPhase::seconds);
    snapshot.total_seconds += slice.seconds;
    snapshot.slices.push_back(std::move(slice));
    while (snapshot.slices.size() > kMostSlices ||
           snapshot.slices.front().end_seconds < now_seconds - kTimeline_seconds)
        snapshot.slices.pop_front();
}

}  // namespace quantoscope
