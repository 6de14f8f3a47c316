// The performance overlay: opened by its action, fed with snapshots while it is open, remembered over a session.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>

#include "app/workbench/overlay/overlay_snapshot.h"
#include "app/workbench/settings/settings.h"

class QAction;

namespace quantoscope {

class JobQueue;
class MainWindow;
class OverlayPanel;
struct Job;

class OverlayControl : public QObject {
    Q_OBJECT

public:
    /// `action` is checkable: checked is open.
    OverlayControl(MainWindow& window, JobQueue& jobs, Settings& settings, QAction& action);

    /// What the overlay shows, or would show; never changed once handed out.
    std::shared_ptr<const OverlaySnapshot> snapshot() const;
    /// Opens it when it was open at the end of the last session and can be opened here.
    void restore();
    /// Adds the measurement of this machine to the queue; its answer is kept in the settings.
    void measureMachine();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void toggle(bool open);
    void open();
    void close();
    void takeJob(int id);
    void takeMeasurement(const Job& job);
    void endFrame();
    void readSensors();
    void refresh();
    void addWindowFacts(OverlaySnapshot& snapshot) const;

    MainWindow& window_;
    JobQueue& jobs_;
    Settings& settings_;
    QAction& action_;
    QPointer<OverlayPanel> panel_;
    OverlaySnapshot state_;  // what snapshots are copies of
    QElapsedTimer clock_;
    QElapsedTimer frame_;
    QTimer throttle_;
    QTimer sensor_timer_;
    int measuring_ = 0;  // id of the job that measures
    int shown_job_ = 0;  // whose phases state_ holds
};

}  // namespace quantoscope
