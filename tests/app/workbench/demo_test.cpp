// Failing here: who starts the program for the first time would find no way in, the demo would open with another sweep
// than it promises, its files would be left damaged, or its tips could not be put away for good.
#include <unistd.h>

#include <QClipboard>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>

#include "app/workbench/demo/demo_copy.h"
#include "app/workbench/demo/demo_opener.h"
#include "app/workbench/frame/locate_items.h"
#include "app/workbench/frame/menus.h"
#include "app/workbench/pipeline_page/pipeline_page.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "widgets/error_banner/error_banner.h"
#include "widgets/tip_strip/tip_strip.h"

using namespace quantoscope;
using test::WorkbenchFixture;

namespace {

void write(const QString& path, const QByteArray& bytes) {
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Files in the shape of the demo; no model that opens.
QString smallDemo(const QTemporaryDir& folder) {
    const QString demo = folder.filePath(QStringLiteral("shipped"));
    write(demo + QStringLiteral("/recipe.json"), "{\"schema_version\": 1, \"model\": \"model\"}");
    write(demo + QStringLiteral("/model/config.json"), "{}");
    write(demo + QStringLiteral("/model/model.safetensors"), QByteArray(100'000, 'w'));
    write(demo + QStringLiteral("/text/calibration.txt"), "a text");
    write(demo + QStringLiteral("/training/train.py"), "not for users");
    return demo;
}

bool demoIsHere() {
    return QFileInfo::exists(shippedDemo() + QStringLiteral("/model/model.safetensors"));
}

QPushButton* firstChoice(WorkbenchFixture& fixture) {
    return fixture.child<QWidget>("model_empty")->findChild<QPushButton*>(QStringLiteral("emptyAction"));
}

int scoredRuns(WorkbenchFixture& fixture) {
    int scored = 0;
    for (const auto& folder : fixture.session().runs().folders())
        for (const auto& run : folder.runs) scored += run.scores.empty() ? 0 : 1;
    return scored;
}

}  // namespace

class DemoTest : public QObject {
    Q_OBJECT

private slots:
    void copyIsMadeOnceAndMended() {
        const QTemporaryDir folder;
        const QString source = smallDemo(folder);
        const QString target = folder.filePath(QStringLiteral("data/demo"));
        const auto first = refreshDemoCopy(source, target, JobContext());
        QVERIFY2(first.has_value(), first ? "" : first.error().message.c_str());
        QCOMPARE(first->files, 4);
        QCOMPARE(first->written, 4);
        QVERIFY(!QFileInfo::exists(target + QStringLiteral("/training")));
        QCOMPARE(refreshDemoCopy(source, target, JobContext())->written, 0);

        const QString weights = target + QStringLiteral("/model/model.safetensors");
        write(weights, QByteArray(100'000, 'x'));                                    // damaged, of the same size
        write(target + QStringLiteral("/text/calibration.txt"), "a");                // cut off
        write(target + QStringLiteral("/my runs/first/recipe.json"), "the user's");  // not ours
        QVERIFY(QFile::remove(target + QStringLiteral("/model/config.json")));
        QCOMPARE(refreshDemoCopy(source, target, JobContext())->written, 3);
        QCOMPARE(read(weights), QByteArray(100'000, 'w'));
        QCOMPARE(read(target + QStringLiteral("/my runs/first/recipe.json")), QByteArray("the user's"));
        QVERIFY(QDir(target + QStringLiteral("/model")).entryList({QStringLiteral("*.part")}, QDir::Hidden).isEmpty());
    }

    void filesOfAnEarlierDemoGoAndTheUsersStay() {
        const QTemporaryDir folder;
        const QString source = smallDemo(folder);
        const QString target = folder.filePath(QStringLiteral("data/demo"));
        write(source + QStringLiteral("/text/old.txt"), "of an earlier demo");
        QVERIFY(refreshDemoCopy(source, target, JobContext()).has_value());
        write(target + QStringLiteral("/text/mine.txt"), "the user's");
        QVERIFY(QFile::remove(source + QStringLiteral("/text/old.txt")));
        QVERIFY(refreshDemoCopy(source, target, JobContext()).has_value());
        QVERIFY(!QFileInfo::exists(target + QStringLiteral("/text/old.txt")));
        QVERIFY(QFileInfo::exists(target + QStringLiteral("/text/mine.txt")));
        QVERIFY(QFileInfo::exists(target + QStringLiteral("/text/calibration.txt")));
    }

    void anUnwritableDataFolderIsOneSentence() {
        const QTemporaryDir folder;
        const QString source = smallDemo(folder);
        const QString blocked = folder.filePath(QStringLiteral("data"));
        if (::geteuid() == 0) {
            write(blocked, "a file where the folder should be");  // root may write anywhere else
        } else {
            QVERIFY(QDir().mkpath(blocked));
            QVERIFY(QFile::setPermissions(blocked, QFile::ReadOwner | QFile::ExeOwner));
        }
        const auto copy = refreshDemoCopy(source, blocked + QStringLiteral("/demo"), JobContext());
        QVERIFY(!copy.has_value());
        const auto message = QString::fromStdString(copy.error().message);
        QVERIFY2(message.contains(blocked) && message.endsWith(QLatin1Char('.')), qPrintable(message));
        QFile::setPermissions(blocked, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    void aMissingDemoIsOneSentenceInTheWindow() {
        WorkbenchFixture fixture;
        fixture.window().show();
        DemoOpener opener(fixture.session(), fixture.folder.filePath(QStringLiteral("nowhere")));
        QSignalSpy opened(&opener, &DemoOpener::opened);
        opener.open();
        auto* banner = fixture.child<ErrorBanner>("error_banner");
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(fixture.child<QLabel>("errorMessage")->text().contains(QStringLiteral("did not come with")));
        QCOMPARE(opened.count(), 0);
        QVERIFY(firstChoice(fixture)->isVisible());  // the way in is there again
    }

    void aFirstStartOffersTheDemo() {
        WorkbenchFixture fixture;
        fixture.window().show();
        auto* first = firstChoice(fixture);
        QCOMPARE(first->text(), QStringLiteral("Open the demo"));
        QVERIFY(first->isVisible() && first->property("primary").toBool());
        auto* second =
            fixture.child<QWidget>("model_empty")->findChild<QPushButton*>(QStringLiteral("emptySecondAction"));
        QVERIFY(second->isVisible());
        QCOMPARE(second->text(), QStringLiteral("Open model…"));
        // Who has a run of their own is asked for a model first.
        QCOMPARE(test::makeRunFolder(fixture.session().paths().runs + QStringLiteral("/a"), "some-w4-g64"), QString());
        fixture.session().runs().rescan();
        QTRY_COMPARE(first->text(), QStringLiteral("Open model…"));
        QCOMPARE(second->text(), QStringLiteral("Open the demo"));
    }

    void menusAndLocateKnowIt() {
        WorkbenchFixture fixture;
        auto* action = fixture.window().findChild<QAction*>(QStringLiteral("action_open_demo"));
        QVERIFY(action != nullptr);
        int entries = 0;
        for (const auto& item : locateItems(fixture.session(), fixture.window().findChild<Menus*>()->actions()))
            entries += item.text == QLatin1String("Open the demo") ? 1 : 0;
        QCOMPARE(entries, 1);
    }

    void aStripIsPutAwayWithTheKeyboard() {
        TipStrip strip;
        QSignalSpy dismissed(&strip, &TipStrip::dismissed);
        strip.setTip(QStringLiteral("Here"), QStringLiteral("This is so. Do that."));
        QVERIFY(!strip.isHidden());
        QCOMPARE(strip.accessibleDescription(), QStringLiteral("This is so. Do that."));
        auto* close = strip.findChild<QToolButton*>(QStringLiteral("tipDismiss"));
        QVERIFY(!close->accessibleName().isEmpty() && (close->focusPolicy() & Qt::TabFocus) != 0);
        QTest::keyClick(close, Qt::Key_Escape);
        QTest::keyClick(close, Qt::Key_Space);
        QCOMPARE(dismissed.count(), 2);
        strip.setTip({}, {});
        QVERIFY(strip.isHidden());
    }

    void itOpensWithItsSweep() {
        if (!demoIsHere()) QSKIP("needs resources/demo/model");
        WorkbenchFixture fixture;
        fixture.window().show();
        QTest::mouseClick(firstChoice(fixture), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().models().current() != nullptr, 20'000);
        const QString demo = fixture.session().paths().demo;
        QCOMPARE(fixture.session().models().current()->path, demo + QStringLiteral("/model"));
        QCOMPARE(fixture.session().models().current()->name, QStringLiteral("demo"));
        QCOMPARE(fixture.window().page(), QStringLiteral("pipeline"));
        const auto& recipe = fixture.session().pipeline().draft().recipe;
        QCOMPARE(recipe.methods.size(), std::size_t{3});
        QCOMPARE(recipe.bits, (std::vector<std::int64_t>{8, 4, 3, 2}));
        QVERIFY(recipe.evaluate_original && !recipe.evaluations.empty());
        QCOMPARE(recipe.calibration.samples * recipe.calibration.sequence_length, 4096);
        QCOMPARE(recipe.evaluations[0].limit * recipe.evaluations[0].window, 8192);
        for (const auto& path : {recipe.model, recipe.calibration.data, recipe.evaluations[0].data})
            QVERIFY2(QString::fromStdString(path).startsWith(demo), path.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(fixture.child<QPushButton>("run")->isEnabled(), 20'000);
        QVERIFY(fixture.session().jobs().isIdle());  // nothing runs by itself

        fixture.workbench->pipelinePage().copyAsCommand();
        const QString command = QGuiApplication::clipboard()->text();
        QVERIFY2(command.startsWith(QStringLiteral("quantoscope-worker run ")) &&
                     command.contains(demo + QStringLiteral("/recipe.json")),
                 qPrintable(command));
        fixture.window().close();
        fixture.workbench =
            std::make_unique<Workbench>(SessionPaths::below(fixture.folder.path()), *fixture.settings, *fixture.theme);
        fixture.workbench->restoreSession();  // the next start
        fixture.workbench->pipelinePage().copyAsCommand();
        QVERIFY(QGuiApplication::clipboard()->text().contains(demo + QStringLiteral("/recipe.json")));
        auto draft = fixture.session().pipeline().draft();
        draft.recipe.bits = {4};
        fixture.session().pipeline().edit(draft, QStringLiteral("Fewer bits"));
        fixture.workbench->pipelinePage().copyAsCommand();  // no longer what the file says
        QVERIFY(!QGuiApplication::clipboard()->text().contains(demo));
    }

    void tipsArePutAwayPageByPageAndComeBack() {
        if (!demoIsHere()) QSKIP("needs resources/demo/model");
        WorkbenchFixture fixture;
        fixture.window().show();
        auto* strip = fixture.child<TipStrip>("demo_tip");
        QVERIFY(!strip->isVisible());
        fixture.workbench->openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(strip->isVisible(), 20'000);
        QStringList tips;
        for (const auto* page : {"model", "pipeline", "analyse", "evaluate"}) {
            fixture.window().showPage(QLatin1String(page));
            QVERIFY(strip->isVisible());
            QCOMPARE(strip->tip().count(QStringLiteral(". ")), 1);  // two sentences
            tips << strip->tip();
        }
        QCOMPARE(tips.removeDuplicates(), 0);
        QTest::mouseClick(fixture.child<QToolButton>("tipDismiss"), Qt::LeftButton);
        QVERIFY(!strip->isVisible());
        fixture.window().showPage(QStringLiteral("analyse"));
        QVERIFY(strip->isVisible());
        fixture.window().showPage(QStringLiteral("evaluate"));
        QVERIFY(!strip->isVisible());
        Settings later(fixture.folder.filePath(QStringLiteral("settings.ini")));
        QCOMPARE(later.hiddenTips(), QStringList{QStringLiteral("evaluate")});
        fixture.window().findChild<QAction*>(QStringLiteral("action_show_tips"))->trigger();
        QVERIFY(strip->isVisible());
        fixture.session().models().close(fixture.session().models().current()->path);
        QVERIFY(!strip->isVisible());  // only while the demo's model is looked at
    }

    void theWholeStoryRuns() {
        if (!demoIsHere()) QSKIP("needs resources/demo/model");
        WorkbenchFixture fixture;
        fixture.window().show();
        fixture.workbench->openDemo();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().models().current() != nullptr, 20'000);
        auto draft = fixture.session().pipeline().draft();  // a test is done in seconds: one method, little text
        draft.recipe.methods.resize(1);
        draft.recipe.bits = {8, 2};
        for (auto& evaluation : draft.recipe.evaluations) evaluation.limit = 2;
        fixture.session().pipeline().edit(draft, QStringLiteral("Less"));
        QTRY_VERIFY_WITH_TIMEOUT(fixture.child<QPushButton>("run")->isEnabled(), 20'000);
        QTest::mouseClick(fixture.child<QPushButton>("run"), Qt::LeftButton);
        QVERIFY(!fixture.session().jobs().isIdle());
        QCOMPARE(fixture.window().page(), QStringLiteral("analyse"));
        QTRY_COMPARE_WITH_TIMEOUT(fixture.session().selection().current().runs.size(), 2, 60'000);  // to be watched
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().jobs().isIdle(), 120'000);
        const auto& job = fixture.session().jobs().jobs().back();
        QVERIFY2(job.state == JobState::done, job.error.message.c_str());
        QTRY_COMPARE_WITH_TIMEOUT(scoredRuns(fixture), 3, 20'000);
        QVERIFY(fixture.session().runs().folders().front().name.startsWith(QStringLiteral("demo ")));
    }
};

QTEST_MAIN(DemoTest)
#include "demo_test.moc"
