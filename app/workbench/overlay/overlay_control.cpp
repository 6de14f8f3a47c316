#include "app/workbench/overlay/overlay_control.h"

#include <QAction>
#include <QEvent>
#include <QJsonObject>
#include <algorithm>

#include "app/workbench/frame/main_window.h"
#include "app/workbench/jobs/job_queue.h"
#include "app/workbench/session/background.h"
#include "core/pipeline/memory_meter.h"
#include "widgets/overlay/overlay_panel.h"
#include "widgets/tile_map/tile_map_view.h"

namespace quantoscope {
namespace {

constexpr int kRefreshMs = 100;
constexpr int kRefreshWithoutGpuMs = 1'000;
constexpr int kJobsWithoutGpuMs = 500;
constexpr int kSensorsMs = 1'000;
constexpr std::size_t kFrames = 120;

}  // namespace

OverlayControl::OverlayControl(MainWindow& window, JobQueue& jobs, Settings& settings, QAction& action)
    : QObject(&window), window_(window), jobs_(jobs), settings_(settings), action_(action) {
    clock_.start();
    state_.machine = settings_.machine();
    throttle_.setSingleShot(true);
    throttle_.setInterval(kRefreshMs);
    sensor_timer_.setInterval(kSensorsMs);
    connect(&throttle_, &QTimer::timeout, this, &OverlayControl::refresh);
    connect(&sensor_timer_, &QTimer::timeout, this, &OverlayControl::readSensors);
    connect(&action_, &QAction::toggled, this, &OverlayControl::toggle);
    connect(&jobs_, &JobQueue::started, this, [this](int id) {
        shown_job_ = id;
        if (const auto* job = jobs_.find(id)) takeStart(state_, job->request.title);
    });
    connect(&jobs_, &JobQueue::reported, this, [this](int id, const Event& report) {
        if (const auto* job = jobs_.find(id); job != nullptr && id != shown_job_) {  // goes on after a pause
            shown_job_ = id;
            takeStart(state_, job->request.title);
        }
        takeReport(state_, report, static_cast<double>(clock_.elapsed()) * 1e-3);
    });
    connect(&jobs_, &JobQueue::finished, this, &OverlayControl::takeJob);
    connect(&jobs_, &JobQueue::changed, this, [this] {
        if (panel_ != nullptr && !throttle_.isActive()) throttle_.start();
    });
}

void OverlayControl::restore() {
    if (settings_.overlayShown() && overlayProblem().isEmpty()) action_.setChecked(true);
}

void OverlayControl::toggle(bool shown) {
    if (shown == (panel_ != nullptr)) return;
    if (!shown) return close();
    const QString problem = overlayProblem();
    if (problem.isEmpty()) return open();
    action_.setChecked(false);
    window_.showError(Error{problem.toStdString(), {}, {}, ErrorKind::failed});
}

void OverlayControl::open() {
    const bool was_active = window_.isActiveWindow();
    panel_ = new OverlayPanel(&window_);
    connect(panel_, &OverlayPanel::closeWanted, &action_, [this] { action_.setChecked(false); });
    connect(panel_, &QOpenGLWidget::frameSwapped, this, &OverlayControl::endFrame);
    window_.installEventFilter(this);
    state_.frame_ms.clear();
    sensor_timer_.start();
    readSensors();
    refresh();
    panel_->show();
    panel_->raise();
    // The first OpenGL widget of a window that is on the screen makes Qt set up that window anew, without the keyboard.
    if (was_active) window_.activateWindow();
    settings_.setOverlayShown(true);
}

void OverlayControl::close() {
    const bool had_keyboard = panel_->hasFocus();
    window_.removeEventFilter(this);
    sensor_timer_.stop();
    panel_->hide();
    panel_->deleteLater();
    panel_ = nullptr;
    jobs_.setRefreshMs(JobQueue::kRefreshMs);
    settings_.setOverlayShown(false);
    if (had_keyboard) window_.focusPage();
}

/// A frame of the window begins with its request to draw and ends when the picture has been handed to the display.
bool OverlayControl::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &window_ && event->type() == QEvent::UpdateRequest) frame_.start();
    return QObject::eventFilter(watched, event);
}

void OverlayControl::endFrame() {
    if (!frame_.isValid()) return;
    state_.frame_ms.push_back(static_cast<float>(static_cast<double>(frame_.nsecsElapsed()) * 1e-6));
    frame_.invalidate();
    if (state_.frame_ms.size() > kFrames) state_.frame_ms.erase(state_.frame_ms.begin());
}

void OverlayControl::readSensors() {
    runInBackground(
        this, [] { return readCpuSensors(QStringLiteral("/sys")); },
        [this](const CpuSensors& sensors) {
            state_.sensors = sensors;
            refresh();
        });
}

void OverlayControl::takeJob(int id) {
    const auto* job = jobs_.find(id);
    if (job != nullptr && id == measuring_) takeMeasurement(*job);
}

void OverlayControl::measureMachine() {
    measuring_ = jobs_.add({tr("Measure this machine"), {QStringLiteral("bench")}, {}, {}});
}

void OverlayControl::takeMeasurement(const Job& job) {
    if (job.state != JobState::done) return;
    const auto figure = [&](const char* name) { return job.result.value(QLatin1String(name)).toDouble(); };
    state_.machine = {job.result.value(QLatin1String("threads")).toInt(), figure("float32_gflops"),
                      figure("bfloat16_gflops"), figure("read_gigabytes_per_s")};
    settings_.setMachine(state_.machine);
}

void OverlayControl::addWindowFacts(OverlaySnapshot& snapshot) const {
    snapshot.window_bytes = anonymousBytes();
    snapshot.software_gl = panel_ != nullptr && panel_->isDrawnByProcessor();
    for (const auto* map : window_.findChildren<TileMapView*>()) {
        if (!map->isVisible()) continue;
        ++snapshot.tile_maps;
        snapshot.tile_bytes += map->keptBytes();
    }
    const auto& jobs = jobs_.jobs();
    const auto* job = jobs_.running();
    if (job == nullptr && !jobs.empty()) job = &jobs.back();
    if (job != nullptr) snapshot.state = jobStateText(*job);
}

std::shared_ptr<const OverlaySnapshot> OverlayControl::snapshot() const {
    auto made = std::make_shared<OverlaySnapshot>(state_);
    addWindowFacts(*made);
    return made;
}

void OverlayControl::refresh() {
    if (panel_ == nullptr) return;
    // Every repaint of the window is put together by OpenGL while the panel is there: without a GPU that would take the
    // processor from the worker, thirty times a second.
    const bool software = panel_->isDrawnByProcessor();
    throttle_.setInterval(software ? kRefreshWithoutGpuMs : kRefreshMs);
    jobs_.setRefreshMs(software ? kJobsWithoutGpuMs : JobQueue::kRefreshMs);
    panel_->setContent(std::make_shared<const OverlayContent>(overlayContent(*snapshot())));
}

}  // namespace quantoscope
