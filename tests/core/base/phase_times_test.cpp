// If this fails, a bench and a run's own account say that time went where it did not go.
#include "core/base/phase_times.h"

#include <QTest>
#include <ctime>
#include <thread>

using namespace quantoscope;
using namespace std::chrono_literals;

namespace {

void waitFor(std::chrono::milliseconds time) {
    std::this_thread::sleep_for(time);
}

double secondsSince(std::chrono::steady_clock::time_point began) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void workFor(double cpu_seconds) {
    const auto began = std::clock();
    while (static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC < cpu_seconds) {
    }
}

}  // namespace

class PhaseTimesTest : public QObject {
    Q_OBJECT
private slots:
    void anInnerPhaseTakesItsTimeFromTheOuterOne() {
        PhaseTimes times;
        const auto began = std::chrono::steady_clock::now();
        {
            const TimedPhase block(&times, "block");
            waitFor(20ms);
            {
                const TimedPhase solve(&times, "solve");
                waitFor(60ms);
            }
            waitFor(20ms);
        }
        const double all = secondsSince(began);
        const auto& totals = times.totals();
        QCOMPARE(totals.size(), 2);
        QVERIFY(totals.at("block").seconds >= 0.040);
        QVERIFY(totals.at("solve").seconds >= 0.060);
        QVERIFY(totals.at("block").seconds <= all - 0.060);  // whatever the machine's load
        QVERIFY(totals.at("block").seconds + totals.at("solve").seconds <= all);
    }

    void aPhaseEnteredAgainAddsUp() {
        PhaseTimes times;
        for (int i = 0; i < 3; ++i) {
            const TimedPhase read(&times, "read");
            waitFor(10ms);
        }
        QCOMPARE(times.totals().size(), 1);
        QVERIFY(times.totals().at("read").seconds >= 0.030);
    }

    void timeBetweenPhasesBelongsToNone() {
        PhaseTimes times;
        const auto began = std::chrono::steady_clock::now();
        times.enter("first");
        times.leave();
        waitFor(50ms);
        times.enter("second");
        times.leave();
        const double all = secondsSince(began);
        QVERIFY(times.totals().at("first").seconds + times.totals().at("second").seconds <= all - 0.050);
    }

    void waitingTakesNoProcessorAndWorkDoes() {
        PhaseTimes times;
        times.enter("wait");
        waitFor(50ms);
        times.leave();
        times.enter("work");
        workFor(0.05);
        times.leave();
        QVERIFY(times.totals().at("wait").cpu_seconds < 0.025);
        QVERIFY(times.totals().at("work").cpu_seconds >= 0.045);
    }

    void threadsCountInTheProcessorTime() {
        PhaseTimes times;
        times.enter("threads");
        {
            // std::clock() is the time of the whole process: each of the two sees both.
            const std::jthread first([] { workFor(0.06); });
            const std::jthread second([] { workFor(0.06); });
        }
        times.leave();
        QVERIFY(times.totals().at("threads").cpu_seconds >= 0.055);
    }

    void oneLeaveTooManyHarmsNothing() {
        PhaseTimes times;
        times.leave();
        times.enter("only");
        times.leave();
        times.leave();
        QCOMPARE(times.totals().size(), 1);
    }

    void withoutALedgerNothingIsTimed() { const TimedPhase phase(nullptr, "nothing"); }

    void slicesSayWhereTheTimeWentWhileItGoes() {
        PhaseTimes times;
        double seconds = 0.0;
        double operations = 0.0;
        int slices = 0;
        times.sendSlices([&](double slice_seconds, const PhaseTimes::Phases& phases) {
            ++slices;
            double sum = 0.0;
            for (const auto& [name, time] : phases) {
                sum += time.seconds;
                operations += time.operations;
            }
            QVERIFY(std::abs(sum - slice_seconds) < 1e-9);
            seconds += slice_seconds;
        });
        for (int i = 0; i < 12; ++i) {
            const TimedPhase timed(&times, i % 2 == 0 ? "forward" : "solve");
            times.countOperations(100.0);
            waitFor(25ms);
        }
        QVERIFY2(slices >= 2 && slices <= 12, qPrintable(QString::number(slices)));
        const auto& totals = times.totals();
        QVERIFY(seconds <= totals.at("forward").seconds + totals.at("solve").seconds + 1e-9);
        QVERIFY(seconds >= 0.1);
        QCOMPARE(totals.at("forward").operations, 600.0);
        QVERIFY(operations <= 1200.0 && operations >= 400.0);
    }
};

QTEST_APPLESS_MAIN(PhaseTimesTest)
#include "phase_times_test.moc"
