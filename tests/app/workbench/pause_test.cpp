// Failing here: a job could not be paused or continued from where the user looks, the queue would run past it, or the
// window would close over it or call it interrupted.
#include <QDockWidget>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>
#include <QTreeWidget>

#include "app/workbench/jobs/job_queue.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/support/sample_recipe.h"

using namespace quantoscope;
using test::WorkbenchFixture;

namespace {

QString demoFolder() {
    return QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/demo");
}

/// GPTQ on the demo's model: some ten seconds of real work.
JobRequest demoRun(WorkbenchFixture& fixture, const char* name) {
    auto recipe = test::sampleRecipe((demoFolder() + "/model").toStdString(),
                                     (demoFolder() + "/text/calibration.txt").toStdString());
    recipe.methods = {{"gptq", {}}};
    recipe.bits = {8, 4, 3, 2};
    recipe.group_sizes = {-1};
    recipe.calibration.samples = 8;
    recipe.calibration.sequence_length = 512;
    recipe.evaluate_original = false;
    recipe.evaluations.clear();
    const QString path = fixture.folder.filePath(QLatin1String(name) + QStringLiteral(".json"));
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(QByteArray::fromStdString(recipeJson(recipe)));
    const QString run = fixture.session().paths().runs + QLatin1Char('/') + QLatin1String(name);
    return {QLatin1String(name), {QStringLiteral("run"), path, QStringLiteral("--run"), run}, run, {}};
}

qint64 processorTicks(const QString& run) {
    QFile lock(run + QStringLiteral("/lock"));
    if (!lock.open(QIODevice::ReadOnly)) return -1;
    const auto process = QJsonDocument::fromJson(lock.readAll().trimmed()).object().value(QLatin1String("pid"));
    QFile file(QStringLiteral("/proc/%1/stat").arg(process.toInteger()));
    if (!file.open(QIODevice::ReadOnly)) return -1;
    const QByteArray text = file.readAll();
    const auto fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] == "T" ? fields[11].toLongLong() + fields[12].toLongLong() : -2;
}

/// Is it past opening its files, in the middle of its work?
bool isInTheMiddle(WorkbenchFixture& fixture, int id) {
    const auto* job = fixture.session().jobs().find(id);
    return job != nullptr && job->fraction > 0.02 && QFileInfo::exists(job->request.run_folder + "/configurations");
}

JobState stateOf(WorkbenchFixture& fixture, int id) {
    const auto* job = fixture.session().jobs().find(id);
    return job != nullptr ? job->state : JobState::failed;
}

}  // namespace

class WorkbenchPauseTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        if (!QFileInfo::exists(demoFolder() + "/model/model.safetensors")) QSKIP("needs resources/demo/model");
    }

    void keyStopsTheWorkerAndGoesOn() {
        WorkbenchFixture fixture;
        show(fixture);
        auto& jobs = fixture.session().jobs();
        const auto request = demoRun(fixture, "first");
        const int id = jobs.add(request);
        QTRY_VERIFY_WITH_TIMEOUT(isInTheMiddle(fixture, id), 60'000);
        QTest::keyClick(&fixture.window(), Qt::Key_P, Qt::ControlModifier);
        QVERIFY(stateOf(fixture, id) == JobState::paused);
        QTRY_VERIFY_WITH_TIMEOUT(processorTicks(request.run_folder) >= 0, 1'000);
        const auto ticks = processorTicks(request.run_folder);
        QVERIFY(fixture.child<QLabel>("job_mark")->isVisible());
        QVERIFY(fixture.child<QLabel>("job_stage")->text().startsWith(QStringLiteral("Paused")));
        QVERIFY(fixture.child<QLabel>("job_eta")->text().isEmpty());
        auto* action = fixture.window().findChild<QAction*>(QStringLiteral("action_pause"));
        QVERIFY(action->text().contains(QStringLiteral("Continue")));
        fixture.session().runs().rescan();
        QTest::qWait(800);
        QCOMPARE(processorTicks(request.run_folder), ticks);
        QVERIFY(fixture.session().interruptedRuns().empty());
        QVERIFY(fixture.session().isBusy(request.run_folder));
        const auto* entry = fixture.session().runs().findFolder(request.run_folder);
        QVERIFY(entry != nullptr && !entry->interrupted);
        QTest::keyClick(&fixture.window(), Qt::Key_P, Qt::ControlModifier);
        QVERIFY(stateOf(fixture, id) == JobState::running);
        QVERIFY(!fixture.child<QLabel>("job_mark")->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(stateOf(fixture, id) == JobState::done, 180'000);
    }

    void queueWaitsUnlessTheUserMovesIt() {
        WorkbenchFixture fixture;
        show(fixture);
        fixture.window().dock(QStringLiteral("jobs"))->show();
        auto& jobs = fixture.session().jobs();
        const int first = jobs.add(demoRun(fixture, "first"));
        const int second = jobs.add({QStringLiteral("methods"), {QStringLiteral("methods")}, {}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(isInTheMiddle(fixture, first), 60'000);
        auto* list = fixture.child<QTreeWidget>("jobs_list");
        click(*list, 0);
        auto* pause = fixture.child<QPushButton>("job_pause");
        QCOMPARE(pause->text(), QStringLiteral("Pause"));
        QTest::mouseClick(pause, Qt::LeftButton);
        QVERIFY(stateOf(fixture, first) == JobState::paused);
        QCOMPARE(list->topLevelItem(0)->text(1), QStringLiteral("paused"));
        QVERIFY(!list->topLevelItem(0)->icon(1).isNull());
        QTest::qWait(1'000);
        QVERIFY(stateOf(fixture, second) == JobState::queued);  // held up
        QTest::mouseClick(fixture.child<QPushButton>("job_down"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(stateOf(fixture, second) == JobState::done, 20'000);
        QVERIFY(stateOf(fixture, first) == JobState::paused);
        QVERIFY(!jobs.isIdle());
        QTest::mouseClick(fixture.child<QToolButton>("job_strip_pause"), Qt::LeftButton);
        QVERIFY(stateOf(fixture, first) == JobState::running);
        QTest::mouseClick(fixture.child<QToolButton>("job_cancel"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(jobs.isIdle(), 8'000);
    }

    void continuedWhileAnotherRunsItWaitsItsTurn() {
        WorkbenchFixture fixture;
        show(fixture);
        auto& jobs = fixture.session().jobs();
        const int first = jobs.add(demoRun(fixture, "first"));
        const int second = jobs.add(demoRun(fixture, "second"));
        QTRY_VERIFY_WITH_TIMEOUT(isInTheMiddle(fixture, first), 60'000);
        jobs.pause(first);
        jobs.move(first, +1);
        QVERIFY(stateOf(fixture, second) == JobState::running);
        jobs.resume(first);
        QVERIFY(stateOf(fixture, first) == JobState::queued);
        QCOMPARE(jobStateText(*jobs.find(first)), QStringLiteral("waiting to continue"));
        QTRY_VERIFY_WITH_TIMEOUT(jobs.find(second)->fraction > 0.0, 60'000);
        QVERIFY(processorTicks(fixture.session().paths().runs + "/first") >= 0);
        jobs.cancel(second);
        QTRY_VERIFY_WITH_TIMEOUT(stateOf(fixture, first) == JobState::running, 8'000);
        jobs.pause(first);
        jobs.cancel(first);  // asleep: it is woken to stop politely
        QTRY_VERIFY_WITH_TIMEOUT(jobs.isIdle(), 4'000);
        QVERIFY(stateOf(fixture, first) == JobState::cancelled);
    }

    void closingAsksAsForARunningJob() {
        WorkbenchFixture fixture;
        show(fixture);
        auto& jobs = fixture.session().jobs();
        const int id = jobs.add(demoRun(fixture, "first"));
        QTRY_VERIFY_WITH_TIMEOUT(isInTheMiddle(fixture, id), 60'000);
        jobs.pause(id);
        QVERIFY(!fixture.window().close());
        auto* question = fixture.child<QMessageBox>("close_question");
        QVERIFY(question != nullptr && question->text().contains(QStringLiteral("paused")));
        auto* stop = question->findChild<QPushButton*>(QStringLiteral("stop_and_close"));
        QTest::mouseClick(stop, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.window().isVisible(), 5'000);
        QVERIFY(stateOf(fixture, id) == JobState::cancelled);
    }

    void closingCanContinueIt() {
        WorkbenchFixture fixture;
        show(fixture);
        auto& jobs = fixture.session().jobs();
        const int id = jobs.add({QStringLiteral("methods"), {QStringLiteral("methods")}, {}, {}});
        jobs.pause(id);  // at once, before the worker listens
        QTest::qWait(1'500);
        QVERIFY(stateOf(fixture, id) == JobState::paused || stateOf(fixture, id) == JobState::done);
        if (stateOf(fixture, id) == JobState::done) QSKIP("the worker was done before it could be paused");
        QVERIFY(!fixture.window().close());
        auto* question = fixture.child<QMessageBox>("close_question");
        QTest::mouseClick(question->findChild<QPushButton*>(QStringLiteral("close_when_done")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.window().isVisible(), 20'000);
        QVERIFY(stateOf(fixture, id) == JobState::done);
    }

private:
    static void show(WorkbenchFixture& fixture) {
        fixture.window().resize(1280, 800);
        fixture.window().show();
        QVERIFY(QTest::qWaitForWindowExposed(&fixture.window()));
    }

    static void click(QTreeWidget& list, int row) {
        QTest::mouseClick(list.viewport(), Qt::LeftButton, {},
                          list.visualItemRect(list.topLevelItem(row)).center() - QPoint(50, 0));
    }
};

QTEST_MAIN(WorkbenchPauseTest)
#include "pause_test.moc"
