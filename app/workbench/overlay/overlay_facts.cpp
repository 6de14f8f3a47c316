// The snapshot in words, figures and spans.
#include <QCoreApplication>
#include <algorithm>

#include "app/workbench/overlay/overlay_snapshot.h"
#include "widgets/text/number_text.h"

namespace quantoscope {
namespace {

constexpr std::size_t kMostPhases = 10;
constexpr double kFrameTop_ms = 16.0;

QString text(const char* source) {
    return QCoreApplication::translate("Overlay", source);
}

QString number(double value, int decimals) {
    return QString::number(value, 'f', decimals);
}

QString secondsText(double seconds) {
    return seconds < 1.0 ? text("%1 ms").arg(number(seconds * 1e3, 0)) : text("%1 s").arg(number(seconds, 1));
}

QString sizeText(qint64 bytes) {
    return bytes > 0 ? bytesText(static_cast<std::uint64_t>(bytes)) : text("not reported");
}

QString heldText(const EventMemory& part) {
    if (part.peak_bytes <= 0) return text("not used so far");
    return text("%1, at most %2 so far")
        .arg(part.bytes > 0 ? sizeText(part.bytes) : text("none"), sizeText(part.peak_bytes));
}

double gigaflops(const EventPhase& phase) {
    return phase.seconds > 0.0 ? phase.operations / phase.seconds * 1e-9 : 0.0;
}

double bestGigaflops(const MeasuredMachine& machine) {
    return std::max(machine.float32_gflops, machine.bfloat16_gflops);
}

/// "84 GFLOP/s (63 %)", or nothing for a phase that does not count its work.
QString rateText(const EventPhase& phase, const MeasuredMachine& machine) {
    if (phase.operations <= 0.0 || phase.seconds <= 0.0) return {};
    const double rate = gigaflops(phase);
    QString said = text("%1 GFLOP/s").arg(number(rate, rate < 10.0 ? 1 : 0));
    if (machine.isMeasured()) said += QStringLiteral(" (%1 %)").arg(number(100.0 * rate / bestGigaflops(machine), 0));
    return said;
}

/// What rates can be held against: only the processor was measured.
MeasuredMachine roofline(const OverlaySnapshot& snapshot) {
    return snapshot.device.isEmpty() ? snapshot.machine : MeasuredMachine{};
}

QString coresText(const EventPhase& phase) {
    return phase.seconds > 0.0 ? text("%1 cores busy").arg(number(phase.cpu_seconds / phase.seconds, 1)) : QString();
}

OverlaySection windowSection(const OverlaySnapshot& snapshot) {
    OverlaySection section;
    section.title = text("Window");
    if (snapshot.software_gl)
        section.note = text("OpenGL is drawn by the processor here: the overlay takes time from the worker.");
    if (!snapshot.frame_ms.empty()) {
        auto sorted = snapshot.frame_ms;
        std::ranges::sort(sorted);
        OverlayPlot plot;
        plot.values = snapshot.frame_ms;
        plot.top = static_cast<float>(std::max<double>(kFrameTop_ms, static_cast<double>(sorted.back())));
        section.plot = std::move(plot);
        section.rows.push_back({text("Frame time"), text("%1 ms, median %2 ms, longest %3 ms")
                                                        .arg(number(static_cast<double>(snapshot.frame_ms.back()), 1),
                                                             number(static_cast<double>(sorted[sorted.size() / 2]), 1),
                                                             number(static_cast<double>(sorted.back()), 1))});
    } else {
        section.rows.push_back({text("Frame time"), text("nothing drawn since the overlay was opened")});
    }
    section.rows.push_back(
        {text("Tile maps"),
         snapshot.tile_maps == 0
             ? text("none on view")
             : text("%1 on view, %2 kept").arg(snapshot.tile_maps).arg(sizeText(snapshot.tile_bytes))});
    section.rows.push_back({text("Uploads"), text("none: pages are drawn by the processor")});
    section.rows.push_back({text("Memory"), sizeText(snapshot.window_bytes)});
    return section;
}

QString spanTip(const EventPhase& phase, const WorkSlice& slice, const MeasuredMachine& machine) {
    QStringList lines{QStringLiteral("%1: %2").arg(QString::fromStdString(phase.name), secondsText(phase.seconds)),
                      coresText(phase), rateText(phase, machine), slice.stage};
    lines.removeAll(QString());
    return lines.join(QLatin1Char('\n'));
}

OverlayTimeline timelineOf(const OverlaySnapshot& snapshot) {
    OverlayTimeline timeline;
    for (const auto& phase : snapshot.totals)
        if (timeline.lanes.size() < static_cast<qsizetype>(kMostPhases))
            timeline.lanes.append(QString::fromStdString(phase.name));
    timeline.end_seconds = snapshot.slices.back().end_seconds;
    timeline.begin_seconds = timeline.end_seconds - kTimeline_seconds;
    for (const auto& slice : snapshot.slices) {
        double begin = slice.end_seconds - slice.seconds;
        for (const auto& phase : slice.phases) {
            const auto lane = timeline.lanes.indexOf(QString::fromStdString(phase.name));
            if (lane >= 0)
                timeline.spans.push_back(
                    {static_cast<int>(lane), begin, phase.seconds, spanTip(phase, slice, roofline(snapshot))});
            begin += phase.seconds;
        }
    }
    return timeline;
}

OverlaySection workerSection(const OverlaySnapshot& snapshot) {
    OverlaySection section;
    section.title = text("Worker");
    if (!snapshot.has_job) {
        section.note = text("No job has run since the window was opened.");
        return section;
    }
    section.note = QStringLiteral("%1 · %2").arg(snapshot.job, snapshot.state);
    if (!snapshot.stage.isEmpty()) section.rows.push_back({text("Stage"), snapshot.stage});
    if (!snapshot.slices.empty()) section.timeline = timelineOf(snapshot);
    return section;
}

OverlaySection ratesSection(const OverlaySnapshot& snapshot) {
    OverlaySection section;
    section.title = text("Phases of the job");
    std::size_t shown = 0;
    for (const auto& phase : snapshot.totals) {
        if (++shown > kMostPhases) break;
        QStringList parts{secondsText(phase.seconds), coresText(phase), rateText(phase, roofline(snapshot))};
        parts.removeAll(QString());
        section.rows.push_back({QString::fromStdString(phase.name), parts.join(QStringLiteral(" · ")),
                                snapshot.total_seconds > 0.0 ? phase.seconds / snapshot.total_seconds : -1.0});
    }
    if (snapshot.totals.empty()) section.note = text("Nothing reported yet.");
    return section;
}

OverlaySection machineSection(const OverlaySnapshot& snapshot) {
    const auto& machine = snapshot.machine;
    OverlaySection section;
    section.title = text("Machine");
    if (machine.isMeasured()) {
        section.rows.push_back(
            {text("Matrix products"), text("%1 GFLOP/s float32, %2 bfloat16")
                                          .arg(number(machine.float32_gflops, 0), number(machine.bfloat16_gflops, 0))});
        section.rows.push_back(
            {text("Memory read"),
             text("%1 GB/s, %2 threads").arg(number(machine.read_gigabytes_per_s, 1)).arg(machine.threads)});
    } else {
        section.note = text("Not measured yet: Tools, Measure this machine. Rates then show their share of its best.");
    }
    const auto& sensors = snapshot.sensors;
    section.rows.push_back({text("CPU clock"), sensors.megahertz
                                                   ? text("%1 GHz").arg(number(*sensors.megahertz * 1e-3, 2))
                                                   : text("not told by the system")});
    section.rows.push_back({text("CPU temperature"), sensors.celsius ? text("%1 °C").arg(number(*sensors.celsius, 0))
                                                                     : text("not told by the system")});
    if (snapshot.has_job)
        section.rows.push_back({text("GPU"), !snapshot.device.isEmpty() ? snapshot.device
                                             : snapshot.totals.empty()
                                                 ? text("not told yet")
                                                 : text("none in use: the job computes on the processor")});
    return section;
}

OverlaySection memorySection(const OverlaySnapshot& snapshot) {
    OverlaySection section;
    section.title = text("Memory of the worker");
    section.rows.push_back({text("Working memory"), sizeText(snapshot.memory_bytes)});
    section.rows.push_back({text("Most of it so far"), sizeText(snapshot.peak_memory_bytes)});
    section.rows.push_back({text("Mapped files"), text("%1: model and run").arg(sizeText(snapshot.mapped_bytes))});
    return section;
}

/// By purpose, as shares of what the job may take.
OverlaySection deviceSection(const OverlaySnapshot& snapshot) {
    OverlaySection section;
    section.title = text("Memory of the GPU");
    const auto budget = static_cast<double>(snapshot.device_budget_bytes);
    section.note = text("Up to %1 may be taken.").arg(sizeText(snapshot.device_budget_bytes));
    for (const auto& part : snapshot.device_memory)
        section.rows.push_back({QString::fromStdString(part.purpose), heldText(part),
                                budget > 0.0 ? static_cast<double>(part.peak_bytes) / budget : -1.0});
    return section;
}

}  // namespace

OverlayContent overlayContent(const OverlaySnapshot& snapshot) {
    OverlayContent content;
    content.title = text("Performance");
    content.sections = {windowSection(snapshot), workerSection(snapshot)};
    if (snapshot.has_job) {
        content.sections.push_back(ratesSection(snapshot));
        content.sections.push_back(memorySection(snapshot));
        if (!snapshot.device.isEmpty()) content.sections.push_back(deviceSection(snapshot));
    }
    content.sections.push_back(machineSection(snapshot));
    return content;
}

}  // namespace quantoscope
