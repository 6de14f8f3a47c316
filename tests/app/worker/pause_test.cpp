// If this fails, a paused worker goes on computing, its results differ, its times count the pause, another worker takes
// its run folder away, or it cannot be cancelled.
#include <signal.h>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/pipeline/events.h"
#include "core/run_store/run_lock.h"
#include "core/run_store/writer_watch.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/test_files.h"

using namespace quantoscope;

namespace {

constexpr int kPause_ms = 2'500;

/// State letter, and processor ticks used so far.
std::pair<char, qint64> processState(qint64 process) {
    QFile file(QStringLiteral("/proc/%1/stat").arg(process));
    if (!file.open(QIODevice::ReadOnly)) return {'?', 0};
    const QByteArray text = file.readAll();
    const auto fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    return {fields[0][0], fields[11].toLongLong() + fields[12].toLongLong()};
}

}  // namespace

class PauseTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const QString demo = QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/demo");
        if (!QFile::exists(demo + "/model/model.safetensors")) QSKIP("needs resources/demo/model");
        auto recipe =
            test::sampleRecipe((demo + "/model").toStdString(), (demo + "/text/calibration.txt").toStdString());
        recipe.methods = {{"gptq", {}}};
        recipe.bits = {4};
        recipe.group_sizes = {-1};
        recipe.calibration.samples = 8;
        recipe.calibration.sequence_length = 512;
        recipe.evaluate_original = false;
        recipe.evaluations.clear();
        QFile file(path("recipe.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(recipeJson(recipe)));
    }

    void pauseStopsEverythingAndIsNotCounted() {
        QElapsedTimer timer;
        timer.start();
        startWorker("run");
        QTRY_VERIFY_WITH_TIMEOUT(blocks() >= 1, 60'000);
        ::kill(static_cast<pid_t>(worker_->processId()), SIGTSTP);
        QTRY_COMPARE_WITH_TIMEOUT(processState(worker_->processId()).first, 'T', 1'000);
        QTest::qWait(100);
        read();  // what it said before it stopped
        const auto lines = events_.size();
        const auto before = processState(worker_->processId()).second;
        QTest::qWait(kPause_ms);
        read();
        QCOMPARE(processState(worker_->processId()).second, before);
        QCOMPARE(events_.size(), lines);
        QVERIFY(hasLiveWriter(path("run").toStdString()));
        ::kill(static_cast<pid_t>(worker_->processId()), SIGCONT);
        QTRY_COMPARE_WITH_TIMEOUT(worker_->state(), QProcess::NotRunning, 120'000);
        read();
        QCOMPARE(worker_->exitCode(), 0);
        const double wall_seconds = static_cast<double>(timer.elapsed()) * 1e-3;
        double seconds = 0.0;
        double operations = 0.0;
        for (const auto& event : events_)
            for (const auto& phase : event.phases) {
                seconds += phase.seconds;
                operations += phase.operations;
            }
        QVERIFY(seconds > 0.1);
        QVERIFY(operations > 1e6);
        QVERIFY2(seconds <= wall_seconds - kPause_ms * 1e-3,
                 qPrintable(QStringLiteral("%1 s of phases in %2 s").arg(seconds).arg(wall_seconds)));
        const auto result = QJsonDocument::fromJson(worker_->readAllStandardOutput()).object();
        const auto row = result.value(QLatin1String("configurations")).toArray().first().toObject();
        QVERIFY(row.value(QLatin1String("seconds")).toDouble() <= seconds + 0.5);
    }

    void aLongPauseIsNoInterruption() {
        // The heartbeat of a paused worker grows old; it is its writer all the same.
        startWorker("old");
        QTRY_VERIFY_WITH_TIMEOUT(blocks() >= 1, 60'000);
        ::kill(static_cast<pid_t>(worker_->processId()), SIGTSTP);
        QTRY_COMPARE_WITH_TIMEOUT(processState(worker_->processId()).first, 'T', 1'000);
        QFile lock(path("old/lock"));
        QVERIFY(lock.open(QIODevice::ReadWrite));
        QVERIFY(lock.setFileTime(QDateTime::currentDateTime().addSecs(-3'600), QFileDevice::FileModificationTime));
        QVERIFY(hasLiveWriter(path("old").toStdString()));
        // Cancelling: it has to be awake to stop politely.
        worker_->terminate();
        ::kill(static_cast<pid_t>(worker_->processId()), SIGCONT);
        QTRY_COMPARE_WITH_TIMEOUT(worker_->state(), QProcess::NotRunning, 5'000);
        QCOMPARE(worker_->exitCode(), 3);
        QVERIFY(!hasLiveWriter(path("old").toStdString()));
    }

    void signalsThatCrossLeaveItRunning() {
        startWorker("crossed");
        QTRY_VERIFY_WITH_TIMEOUT(blocks() >= 1, 60'000);
        for (int i = 0; i < 50; ++i) {
            ::kill(static_cast<pid_t>(worker_->processId()), SIGTSTP);
            ::kill(static_cast<pid_t>(worker_->processId()), SIGCONT);
        }
        QTest::qWait(250);  // the window asks again after this time
        ::kill(static_cast<pid_t>(worker_->processId()), SIGCONT);
        QTRY_COMPARE_WITH_TIMEOUT(worker_->state(), QProcess::NotRunning, 120'000);
        QCOMPARE(worker_->exitCode(), 0);
    }

private:
    QString path(const char* name) const { return folder_.filePath(QLatin1String(name)); }

    void startWorker(const char* run) {
        events_.clear();
        worker_ = std::make_unique<QProcess>();
        pending_.clear();
        worker_->start(test::workerProgram(),
                       {"run", path("recipe.json"), "--run", path(run), "--json", "--events", "--threads", "1"});
        QVERIFY(worker_->waitForStarted());
    }

    void read() {
        pending_ += worker_->readAllStandardError();
        auto lines = pending_.split('\n');
        pending_ = lines.takeLast();
        for (const auto& line : lines)
            if (const auto event = parseEvent(line.toStdString())) events_.push_back(*event);
    }

    qsizetype blocks() {
        read();
        return std::ranges::count(events_, EventKind::block_finished, &Event::kind);
    }

    QTemporaryDir folder_;
    std::unique_ptr<QProcess> worker_;
    QByteArray pending_;
    std::vector<Event> events_;
};
QTEST_GUILESS_MAIN(PauseTest)
#include "pause_test.moc"
