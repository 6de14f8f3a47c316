// Draws the window's pages into the folder named by QUANTOSCOPE_SCREENS, for people to look at; skipped without it.
// With QUANTOSCOPE_SCREENS_RUN naming a run folder the pages show its runs.
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QDockWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>

#include "app/workbench/model_page/model_page.h"
#include "app/workbench/pipeline_page/pipeline_page.h"
#include "app/workbench/pipeline_page/presets.h"
#include "tests/app/workbench/workbench_fixture.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class ScreensTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        folder_ = qEnvironmentVariable("QUANTOSCOPE_SCREENS");
        if (folder_.isEmpty()) QSKIP("needs QUANTOSCOPE_SCREENS");
        QVERIFY(QDir().mkpath(folder_));
    }

    void pages_data() { addLooks(); }

    void pages() {
        WorkbenchFixture fixture;
        show(fixture);
        grab(fixture, "empty");
        open(fixture);
        for (const auto* page : {"model", "pipeline", "analyse", "evaluate"}) {
            fixture.window().showPage(QLatin1String(page));
            grab(fixture, page);
            if (QLatin1String(page) == QLatin1String("analyse")) grabAnalyse(fixture);
            if (QLatin1String(page) == QLatin1String("model")) grabColouring(fixture);
        }
        fixture.window().showPage(QStringLiteral("model"));
        fixture.workbench->modelPage().openTensor(8);
        QTest::qWait(2'500);
        grab(fixture, "tensor");
        grabErrors(fixture);
    }

    void settingsAndPause_data() { addLooks(); }

    void settingsAndPause() {
        WorkbenchFixture fixture;
        show(fixture);
        fixture.window().findChild<QAction*>(QStringLiteral("action_settings"))->trigger();
        auto* dialog = fixture.child<QDialog>("settings_dialog");
        QTest::qWait(800);
        const auto name = QStringLiteral("settings-%1.png").arg(QLatin1String(QTest::currentDataTag()));
        QVERIFY(dialog->grab().save(QDir(folder_).filePath(name)));
        dialog->close();
        fixture.workbench->openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().pipeline().canRun(), 20'000);
        fixture.session().runPipeline();
        auto& jobs = fixture.session().jobs();
        jobs.add({QStringLiteral("Evaluate gptq-w4 on ARC-Easy"), {QStringLiteral("methods")}, {}, {}});
        QTRY_VERIFY_WITH_TIMEOUT(jobs.jobs().front().fraction > 0.05, 60'000);
        jobs.pause(jobs.jobs().front().id);
        fixture.window().dock(QStringLiteral("jobs"))->show();
        grab(fixture, "paused");
        jobs.cancelAll();
        QTRY_VERIFY_WITH_TIMEOUT(jobs.isIdle(), 8'000);
    }

    void demo_data() { addLooks(); }

    /// As a new user sees it: first start, Open the demo, Run. With QUANTOSCOPE_SCREENS_DEMO_RUN the run is not made.
    void demo() {
        WorkbenchFixture fixture;
        show(fixture);
        grab(fixture, "demo-0-first-start");
        fixture.workbench->openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().pipeline().canRun(), 20'000);
        grab(fixture, "demo-1-pipeline");
        fixture.window().showPage(QStringLiteral("model"));
        grab(fixture, "demo-2-model");
        const QString run = qEnvironmentVariable("QUANTOSCOPE_SCREENS_DEMO_RUN");
        if (run.isEmpty()) {
            fixture.session().runPipeline();
            QTest::qWait(40'000);
            grab(fixture, "demo-3-running");
            QTRY_VERIFY_WITH_TIMEOUT(fixture.session().jobs().isIdle(), 800'000);
        } else {
            fixture.workbench->openPaths(run.split(QLatin1Char(':')));
            QTest::qWait(1'500);
        }
        fixture.window().showPage(QStringLiteral("analyse"));
        grab(fixture, "demo-4-analyse");
        fixture.window().showPage(QStringLiteral("evaluate"));
        grab(fixture, "demo-5-evaluate");
        fixture.window().showPage(QStringLiteral("bits"));
        auto* sweep = fixture.child<QComboBox>("bits_sweep");
        const int gptq = sweep->findText(QStringLiteral("GPTQ"), Qt::MatchContains);
        sweep->setCurrentIndex(gptq);
        emit sweep->activated(gptq);
        grab(fixture, "demo-6-bits");
    }

private:
    static void addLooks() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QSize>("size");
        QTest::newRow("light-1280") << false << QSize(1280, 800);
        QTest::newRow("dark-1280") << true << QSize(1280, 800);
        QTest::newRow("light-1920") << false << QSize(1920, 1200);
        QTest::newRow("dark-1920") << true << QSize(1920, 1200);
    }

    static void show(WorkbenchFixture& fixture) {
        QFETCH(bool, dark);
        QFETCH(QSize, size);
        fixture.theme->setChoice(dark ? ThemeChoice::dark : ThemeChoice::light);
        fixture.window().resize(size);
        fixture.window().show();
    }

    static void open(WorkbenchFixture& fixture) {
        const QString model = test::exampleModel();
        if (!model.isEmpty()) fixture.workbench->openPaths({model});
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().models().current() != nullptr || model.isEmpty(), 20'000);
        fixture.workbench->pipelinePage().loadPreset(examplePreset());
        const QString run = qEnvironmentVariable("QUANTOSCOPE_SCREENS_RUN");
        if (run.isEmpty()) return;
        fixture.workbench->openPaths({run});
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.session().runs().folders().empty(), 20'000);
        QList<RunKey> keys;
        for (const auto& entry : fixture.session().runs().folders().front().runs)
            if (!entry.isOriginal()) keys.append(entry.key);
        fixture.session().selection().selectRuns(keys.mid(0, 2));
        fixture.session().selection().selectLinear(5, LinearRole::down_proj);
        QTest::qWait(3'000);
    }

    void grabColouring(WorkbenchFixture& fixture) {
        auto* colouring = fixture.child<QComboBox>("overview_colouring");
        colouring->setCurrentIndex(2);
        QTest::qWait(2'500);
        grab(fixture, "model-weights");
        colouring->setCurrentIndex(0);
    }

    void grabAnalyse(WorkbenchFixture& fixture) {
        grabScrolled(fixture);
        if (fixture.session().runs().folders().empty()) return;
        QList<RunKey> keys;
        for (const auto& entry : fixture.session().runs().folders().front().runs)
            if (!entry.isOriginal()) keys.append(entry.key);
        const auto before = fixture.session().selection().current().runs;
        fixture.session().selection().selectRuns(keys.mid(0, 4));
        fixture.session().setBaseline(keys.first());
        QTest::qWait(2'000);
        grab(fixture, "analyse-four");
        fixture.child<QPushButton>("map_changes")->click();
        grab(fixture, "analyse-change");
        fixture.session().setBaseline({});
        fixture.session().selection().selectRuns(before);
    }

    void grabScrolled(WorkbenchFixture& fixture) {
        auto* bar = fixture.child<QScrollArea>("analyse_scroll")->verticalScrollBar();
        bar->setValue(bar->maximum());
        grab(fixture, "analyse-below");
        fixture.session().selection().selectInside(std::nullopt, 3, std::nullopt);
        QTest::qWait(1'500);
        bar->setValue(bar->maximum() / 2);
        grab(fixture, "analyse-inside");
        bar->setValue(0);
    }

    void grabErrors(WorkbenchFixture& fixture) {
        fixture.session().openRunFolder(fixture.session().paths().presets);
        grab(fixture, "error");
        const QString broken = test::sharedFile(QStringLiteral("golden/bad/gguf/bad_magic.gguf"));
        if (broken.isEmpty()) return;
        fixture.workbench->openPaths({broken});
        QTest::qWait(500);
        fixture.child<QToolButton>("errorDetailsToggle")->setChecked(true);
        grab(fixture, "error-details");
    }

    void grab(WorkbenchFixture& fixture, const char* name) {
        QTest::qWait(1'200);
        const QString path = QDir(folder_).filePath(
            QStringLiteral("%1-%2.png").arg(QLatin1String(name), QLatin1String(QTest::currentDataTag())));
        QVERIFY(fixture.window().grab().save(path));
    }

    QString folder_;
};

QTEST_MAIN(ScreensTest)
#include "screens_test.moc"
