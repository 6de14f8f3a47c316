// If this fails, the window misreads what a running worker tells it: wrong progress, wrong time left.
#include "core/pipeline/events.h"

#include <QTest>

#include "core/pipeline/progress_meter.h"

using namespace quantoscope;

class EventsTest : public QObject {
    Q_OBJECT
private slots:
    void aLineSurvivesTheTrip() {
        const Event event{EventKind::score, "gptq-w4-g64", 3, 0.25, 12.5, 27.46, 1000, "wikitext2"};
        const auto again = parseEvent(eventJson(event));
        QVERIFY(again.has_value());
        QCOMPARE(again->kind, EventKind::score);
        QCOMPARE(again->configuration, event.configuration);
        QCOMPARE(again->block, event.block);
        QCOMPARE(again->fraction, event.fraction);
        QCOMPARE(again->eta_seconds, event.eta_seconds);
        QCOMPARE(again->value, event.value);
        QCOMPARE(again->text, event.text);
    }
    void phasesSurviveTheTrip() {
        Event event;
        event.kind = EventKind::phases;
        event.seconds = 0.125;
        event.mapped_bytes = 4096;
        event.phases = {{"forward", 0.1, 0.2, 5e9}, {"writing", 0.025, 0.01, 0.0}};
        const auto again = parseEvent(eventJson(event));
        QVERIFY(again.has_value());
        QCOMPARE(again->seconds, 0.125);
        QCOMPARE(again->mapped_bytes, 4096);
        QCOMPARE(again->phases.size(), std::size_t{2});
        QCOMPARE(again->phases[0].name, std::string("forward"));
        QCOMPARE(again->phases[0].cpu_seconds, 0.2);
        QCOMPARE(again->phases[0].operations, 5e9);
        QCOMPARE(again->phases[1].operations, 0.0);
        QVERIFY(parseEvent(R"({"event":"phases","phases":[1,{"name":7}]})").has_value());
    }
    void memoryOfAGpuSurvivesTheTrip() {
        Event event;
        event.kind = EventKind::device;
        event.text = "NVIDIA H100";
        event.device_budget_bytes = 1000;
        event.device_memory = {{"weights", 10, 20}, {"solver", 0, 5}};
        const auto again = parseEvent(eventJson(event));
        QVERIFY(again.has_value());
        QCOMPARE(again->kind, EventKind::device);
        QCOMPARE(again->text, std::string("NVIDIA H100"));
        QCOMPARE(again->device_budget_bytes, 1000);
        QCOMPARE(again->device_memory.size(), std::size_t{2});
        QCOMPARE(again->device_memory[0].purpose, std::string("weights"));
        QCOMPARE(again->device_memory[0].peak_bytes, 20);
        QVERIFY(parseEvent(R"({"event":"device","device_memory":[1,{"purpose":7}]})").has_value());
    }
    void otherLinesAreRefused() {
        QVERIFY(!parseEvent("malloc(): corrupted").has_value());
        QVERIFY(!parseEvent(R"({"event":"surprise"})").has_value());
        QVERIFY(!parseEvent("[]").has_value());
    }
    void timeLeftFollowsTheMeasuredPace() {
        // Two phases expected to take 10 s each; the first is done after 20 s: the second will take 20 s too.
        QCOMPARE(ProgressMeter::secondsLeft({10.0, 10.0}, {1.0, 0.0}, 20.0), 20.0);
        QCOMPARE(ProgressMeter::secondsLeft({10.0, 10.0}, {0.0, 0.0}, 20.0), -1.0);
    }
    void fractionsNeverGoBack() {
        std::vector<double> fractions;
        ProgressMeter meter({1.0, 1.0}, [&](const Event& event) { fractions.push_back(event.fraction); });
        const auto first = meter.phaseJob(0, JobContext());
        first.report("a", 0.5);
        first.report("b", 0.2);
        meter.finishPhase(0);
        meter.phaseJob(1, JobContext()).report("c", 0.5);
        QCOMPARE(fractions.size(), std::size_t{3});
        QCOMPARE(fractions[0], 0.25);
        QCOMPARE(fractions[1], 0.25);
        QCOMPARE(fractions[2], 0.75);
    }
};
QTEST_APPLESS_MAIN(EventsTest)
#include "events_test.moc"
