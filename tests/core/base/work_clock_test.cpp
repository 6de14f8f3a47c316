// If this fails, a run that was paused overnight says that a block took all night.
#include "core/base/work_clock.h"

#include <QTest>
#include <atomic>
#include <thread>

using namespace quantoscope;
using namespace std::chrono_literals;

class WorkClockTest : public QObject {
    Q_OBJECT
private slots:
    void standsStillWhilePaused() {
        WorkClock::pause();
        const auto paused = WorkClock::now();
        std::this_thread::sleep_for(30ms);
        QVERIFY(WorkClock::now() == paused);
        WorkClock::pause();  // twice is once
        WorkClock::resume();
        const auto after = WorkClock::now();
        QVERIFY(after >= paused && after - paused < 20ms);
        std::this_thread::sleep_for(20ms);
        QVERIFY(WorkClock::now() - after >= 20ms);
        WorkClock::resume();  // without a pause: nothing
        QVERIFY(WorkClock::now() - after >= 20ms);
    }

    void neverGoesBackInAnyThread() {
        std::atomic<bool> stop = false;
        std::atomic<int> steps_back = 0;
        std::vector<std::jthread> watchers;
        for (int i = 0; i < 3; ++i)
            watchers.emplace_back([&] {
                auto last = WorkClock::now();
                while (!stop) {
                    const auto now = WorkClock::now();
                    if (now < last) ++steps_back;
                    last = now;
                }
            });
        for (int i = 0; i < 200; ++i) {
            WorkClock::pause();
            std::this_thread::sleep_for(100us);
            WorkClock::resume();
        }
        stop = true;
        watchers.clear();
        QCOMPARE(steps_back.load(), 0);
    }
};
QTEST_APPLESS_MAIN(WorkClockTest)
#include "work_clock_test.moc"
