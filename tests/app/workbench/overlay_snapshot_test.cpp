// Failing here: the performance overlay would show time that was not spent, a rate that nobody measured, or a
// temperature of something else.
#include "app/workbench/overlay/overlay_snapshot.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace quantoscope;

namespace {

Event slice(double seconds, std::vector<EventPhase> phases) {
    Event event;
    event.kind = EventKind::phases;
    event.seconds = seconds;
    event.phases = std::move(phases);
    event.memory_bytes = 300'000'000;
    event.mapped_bytes = 50'000'000;
    return event;
}

QString valueOf(const OverlayContent& content, const QString& label) {
    for (const auto& section : content.sections)
        for (const auto& row : section.rows)
            if (row.label == label) return row.value;
    return {};
}

void write(const QString& path, const QByteArray& text) {
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text + "\n");
}

}  // namespace

class OverlaySnapshotTest : public QObject {
    Q_OBJECT

private slots:
    void slicesAddUpToPhases() {
        OverlaySnapshot snapshot;
        takeStart(snapshot, QStringLiteral("GPTQ"));
        Event progress;
        progress.kind = EventKind::progress;
        progress.text = "Solving layers.3.mlp.down_proj";
        takeReport(snapshot, progress, 1.0);
        takeReport(snapshot, slice(0.2, {{"forward", 0.15, 0.3, 15e9}, {"writing", 0.05, 0.01, 0.0}}), 1.1);
        takeReport(snapshot, slice(0.1, {{"forward", 0.05, 0.1, 5e9}, {"solve", 0.05, 0.05, 1e9}}), 1.2);
        QCOMPARE(snapshot.slices.size(), std::size_t{2});
        QCOMPARE(snapshot.slices.front().stage, QStringLiteral("Solving layers.3.mlp.down_proj"));
        QCOMPARE(QString::fromStdString(snapshot.totals.front().name), QStringLiteral("forward"));
        QCOMPARE(snapshot.totals.front().seconds, 0.2);
        QCOMPARE(snapshot.totals.front().operations, 20e9);
        QCOMPARE(snapshot.total_seconds, 0.2 + 0.1);
        QCOMPARE(snapshot.peak_memory_bytes, 300'000'000);
        takeStart(snapshot, QStringLiteral("AWQ"));
        QVERIFY(snapshot.slices.empty() && snapshot.totals.empty() && snapshot.stage.isEmpty());
    }

    void oldSlicesLeaveTheTimelineButNotTheTotals() {
        OverlaySnapshot snapshot;
        takeStart(snapshot, QStringLiteral("long"));
        for (int i = 0; i < 1000; ++i) takeReport(snapshot, slice(0.1, {{"forward", 0.1, 0.1, 0.0}}), 0.1 * i);
        QVERIFY(snapshot.slices.front().end_seconds >= snapshot.slices.back().end_seconds - kTimeline_seconds);
        QVERIFY(snapshot.slices.size() <= 201);
        QVERIFY(std::abs(snapshot.totals.front().seconds - 100.0) < 1e-6);
    }

    void ratesStandOnlyWhereOperationsWereCounted() {
        OverlaySnapshot snapshot;
        takeStart(snapshot, QStringLiteral("GPTQ"));
        takeReport(snapshot, slice(0.2, {{"forward", 0.1, 0.2, 5e9}, {"scale search", 0.1, 0.1, 0.0}}), 1.0);
        auto content = overlayContent(snapshot);
        QCOMPARE(valueOf(content, QStringLiteral("forward")),
                 QStringLiteral("100 ms · 2.0 cores busy · 50 GFLOP/s"));  // 5e9 in a tenth of a second
        QVERIFY(!valueOf(content, QStringLiteral("scale search")).contains(QStringLiteral("FLOP")));
        snapshot.machine = {2, 80.0, 200.0, 12.0};
        content = overlayContent(snapshot);
        QVERIFY(valueOf(content, QStringLiteral("forward")).contains(QStringLiteral("50 GFLOP/s (25 %)")));
        QVERIFY(valueOf(content, QStringLiteral("GPU")).contains(QStringLiteral("processor")));
    }

    void aGpuShowsWhatItsMemoryIsTakenFor() {
        OverlaySnapshot snapshot;
        takeStart(snapshot, QStringLiteral("GPTQ"));
        snapshot.machine = {2, 80.0, 200.0, 12.0};
        takeReport(snapshot, slice(0.2, {{"forward", 0.1, 0.2, 5e12}}), 1.0);
        Event device;
        device.kind = EventKind::device;
        device.text = "NVIDIA H100";
        device.device_budget_bytes = 8'000'000'000;
        device.device_memory = {{"weights", 400'000'000, 2'000'000'000}, {"solver", 0, 0}};
        takeReport(snapshot, device, 1.1);
        const auto content = overlayContent(snapshot);
        QCOMPARE(valueOf(content, QStringLiteral("GPU")), QStringLiteral("NVIDIA H100"));
        QCOMPARE(valueOf(content, QStringLiteral("weights")), QStringLiteral("400 MB, at most 2.0 GB so far"));
        QCOMPARE(valueOf(content, QStringLiteral("solver")), QStringLiteral("not used so far"));
        QVERIFY(overlayText(content).contains(QStringLiteral("Up to 8.0 GB may be taken.")));
        QVERIFY(!valueOf(content, QStringLiteral("forward")).contains(QLatin1Char('%')));  // of the processor's best
        takeStart(snapshot, QStringLiteral("the next"));
        QVERIFY(snapshot.device.isEmpty() && snapshot.device_memory.empty());
    }

    void timelinePutsPhasesOfASliceOneAfterTheOther() {
        OverlaySnapshot snapshot;
        takeStart(snapshot, QStringLiteral("GPTQ"));
        takeReport(snapshot, slice(0.3, {{"forward", 0.1, 0.1, 0.0}, {"solve", 0.2, 0.2, 0.0}}), 5.0);
        const auto content = overlayContent(snapshot);
        const auto worker =
            std::ranges::find_if(content.sections, [](const auto& section) { return section.timeline.has_value(); });
        QVERIFY(worker != content.sections.end());
        const auto& timeline = *worker->timeline;
        QCOMPARE(timeline.lanes, (QStringList{QStringLiteral("solve"), QStringLiteral("forward")}));
        QCOMPARE(timeline.spans.size(), std::size_t{2});
        QCOMPARE(timeline.spans[0].begin_seconds, 5.0 - 0.3);
        QVERIFY(std::abs(timeline.spans[1].begin_seconds - (5.0 - 0.2)) < 1e-9);
        QCOMPARE(timeline.end_seconds, 5.0);
        QVERIFY(timeline.spans[0].tip.contains(QStringLiteral("100 ms")));
    }

    void nothingKnownIsSaid() {
        const auto text = overlayText(overlayContent({}));
        for (const auto* part : {"No job has run", "Not measured yet", "not told by the system"})
            QVERIFY2(text.contains(QLatin1String(part)), part);
    }

    void sensorsOfTheProcessorAreRead() {
        const QTemporaryDir folder;
        const QString sys = folder.path();
        QVERIFY(!readCpuSensors(sys).megahertz && !readCpuSensors(sys).celsius);
        write(sys + "/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "3000000");
        write(sys + "/devices/system/cpu/cpu1/cpufreq/scaling_cur_freq", "2000000");
        write(sys + "/class/hwmon/hwmon0/name", "nvme");
        write(sys + "/class/hwmon/hwmon0/temp1_input", "31000");
        QVERIFY(!readCpuSensors(sys).celsius);  // the disk's
        write(sys + "/class/thermal/thermal_zone0/type", "x86_pkg_temp");
        write(sys + "/class/thermal/thermal_zone0/temp", "61000");
        QCOMPARE(readCpuSensors(sys).celsius.value(), 61.0);
        write(sys + "/class/hwmon/hwmon1/name", "coretemp");
        write(sys + "/class/hwmon/hwmon1/temp1_input", "58500");
        QCOMPARE(readCpuSensors(sys).celsius.value(), 58.5);
        QCOMPARE(readCpuSensors(sys).megahertz.value(), 2500.0);
    }
};

QTEST_APPLESS_MAIN(OverlaySnapshotTest)
#include "overlay_snapshot_test.moc"
