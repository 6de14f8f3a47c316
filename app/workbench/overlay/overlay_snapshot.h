// What the performance overlay knows at one moment. Made on events and never changed; the overlay draws from it alone.
#pragma once

#include <QString>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "app/workbench/settings/measured_machine.h"
#include "core/pipeline/events.h"
#include "widgets/overlay/overlay_content.h"

namespace quantoscope {

/// A slice of the worker's time, as it reported it.
struct WorkSlice {
    double end_seconds = 0.0;  ///< when it was reported, by the window's clock
    double seconds = 0.0;
    std::vector<EventPhase> phases;
    QString stage;  ///< what the worker said it was doing: method, block, linear
};

struct CpuSensors {
    std::optional<double> megahertz;  ///< mean over the cores
    std::optional<double> celsius;
};

struct OverlaySnapshot {
    std::vector<float> frame_ms;  ///< of the window, newest last
    bool software_gl = false;     ///< there is no GPU behind OpenGL: the overlay costs what it measures
    int tile_maps = 0;            ///< pictures of matrices on view
    qint64 tile_bytes = 0;        ///< they keep
    qint64 window_bytes = 0;      ///< anonymous memory of the window's own process
    bool has_job = false;
    QString job;                     ///< its title
    QString state;                   ///< in words
    QString stage;                   ///< what the worker says it does
    std::deque<WorkSlice> slices;    ///< of the last seconds, oldest first
    std::vector<EventPhase> totals;  ///< since the job began, most seconds first
    double total_seconds = 0.0;
    qint64 memory_bytes = 0;       ///< of the worker, anonymous
    qint64 peak_memory_bytes = 0;  ///< the most of them that it reported
    qint64 mapped_bytes = 0;
    QString device;  ///< the GPU's name; empty: the job computes on the processor, as far as it has said
    qint64 device_budget_bytes = 0;
    std::vector<EventMemory> device_memory;
    MeasuredMachine machine;
    CpuSensors sensors;
};

inline constexpr double kTimeline_seconds = 20.0;

/// Takes in what a worker reported at `now_seconds`. Slices older than the timeline are dropped, totals kept.
void takeReport(OverlaySnapshot& snapshot, const Event& report, double now_seconds);
/// A new job: what the one before it did is forgotten.
void takeStart(OverlaySnapshot& snapshot, const QString& title);
/// The snapshot in words and figures. A rate is given only for phases whose worker counted their operations.
OverlayContent overlayContent(const OverlaySnapshot& snapshot);

/// Clock and temperature of the processor as the system tells them below `sys` ("/sys"); absent where it does not.
CpuSensors readCpuSensors(const QString& sys);

}  // namespace quantoscope
