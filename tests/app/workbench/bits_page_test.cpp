// If this fails, a person cannot choose a size and get the bits for it, or the pipeline gets other bits than were
// shown. With QUANTOSCOPE_SCREENS the page is drawn into that folder.
#include "app/workbench/bits_page/bits_page.h"

#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>

#include "core/methods/method.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/app/worker/worker_process.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"
#include "widgets/plots/plot_canvas.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class BitsPageTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(test::writeTinyModel(path("model").toStdString(), {.block_count = 4}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt").toStdString(), 20000, 5).has_value());
        auto recipe = test::sampleRecipe(path("model").toStdString(), path("text.txt").toStdString());
        recipe.methods = {{methods().front().id, {}}};
        recipe.bits = {8, 4, 2};
        recipe.group_sizes = {32};
        QFile file(path("sweep.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(recipeJson(recipe)));
        file.close();
        const auto run = test::runWorker({"run", path("sweep.json"), "--run", path("sweep")});
        QVERIFY2(run.exit_status == 0, qPrintable(run.message()));
    }

    void withoutASweepThePageSaysWhatToDo() {
        WorkbenchFixture fixture;
        fixture.window().show();
        fixture.window().showPage(QStringLiteral("bits"));
        QVERIFY(!fixture.child<QPushButton>("bits_use")->isEnabled());
        auto* empty = fixture.child<QWidget>("bits_empty");
        QVERIFY(empty->isVisible());
        QTest::mouseClick(empty->findChild<QPushButton*>(), Qt::LeftButton);
        QCOMPARE(fixture.window().page(), QStringLiteral("pipeline"));
    }

    void measureChooseASizePinAndUse_data() {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<QSize>("size");
        QTest::newRow("dark-1280") << true << QSize(1280, 800);
        QTest::newRow("light-1920") << false << QSize(1920, 1200);
    }

    void measureChooseASizePinAndUse() {
        QFETCH(bool, dark);
        QFETCH(QSize, size);
        WorkbenchFixture fixture;
        fixture.theme->setChoice(dark ? ThemeChoice::dark : ThemeChoice::light);
        fixture.window().resize(size);
        fixture.window().show();
        fixture.workbench->openPaths({path("sweep")});
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.session().runs().folders().empty(), 20'000);
        fixture.window().showPage(QStringLiteral("bits"));
        auto* page = fixture.window().findChild<BitsPage*>();
        const auto& study = page->study();
        const auto known = [&] {
            return study.state() == BitsStudy::State::unmeasured || study.state() == BitsStudy::State::ready;
        };
        QTRY_VERIFY_WITH_TIMEOUT(known(), 20'000);
        if (study.state() == BitsStudy::State::unmeasured) {  // only the first time
            grab(fixture, "bits-unmeasured");
            QTest::mouseClick(fixture.child<QWidget>("bits_empty")->findChild<QPushButton*>(), Qt::LeftButton);
        }
        QTRY_COMPARE_WITH_TIMEOUT(study.state(), BitsStudy::State::ready, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(study.assigned().has_value(), 20'000);
        chooseASize(fixture, study);
        // What the end of the job changes in the list of runs opens the page's sweep again.
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.session().runs().folders().front().writer_lives, 20'000);
        QTest::qWait(500);
        anotherSweepForgetsTheAnswer(fixture, study);
        pinAndUnpin(fixture, study);
        undoAndRedo(fixture, study);
        grab(fixture, "bits");
        QTest::mouseClick(fixture.child<QPushButton>("bits_use"), Qt::LeftButton);
        QCOMPARE(fixture.window().page(), QStringLiteral("pipeline"));
        const auto& recipe = fixture.session().pipeline().draft().recipe;
        QCOMPARE(layerBitsText(recipe.layer_bits), layerBitsText(study.assigned()->rules));
        QCOMPARE(recipe.bits, std::vector<std::int64_t>{study.assigned()->base});
    }

private:
    static void chooseASize(WorkbenchFixture& fixture, const BitsStudy& study) {
        auto* spin = fixture.child<QDoubleSpinBox>("bits_spin");
        spin->setValue(5.5);
        QTRY_VERIFY_WITH_TIMEOUT(study.bitsPerWeight() <= 5.5 && study.bitsPerWeight() > 5.0, 5'000);
        const double before = study.bitsPerWeight();
        auto* slider = fixture.child<QSlider>("bits_slider");
        slider->setValue(slider->value() + 200);
        QTRY_VERIFY_WITH_TIMEOUT(study.bitsPerWeight() > before, 5'000);
        QTRY_COMPARE_WITH_TIMEOUT(fixture.child<BitsMap>("bits_map")->data().size(), std::size_t{4}, 5'000);
        QVERIFY(!fixture.child<PlotCanvas>("bits_chart")->spec().series.empty());
    }

    /// An answer that is still on its way belongs to the sweep it was asked for.
    static void anotherSweepForgetsTheAnswer(WorkbenchFixture& fixture, const BitsStudy& study) {
        auto& open = const_cast<BitsStudy&>(study);
        const QString folder = study.folder();
        const BitSweep sweep = study.sweep();
        auto decisions = study.decisions();
        decisions.wanted = 5.2;
        open.decide(study.key(), decisions);
        open.open(folder, {QStringLiteral("other"), {QStringLiteral("not-there")}, {}}, {});
        QVERIFY(!study.assigned() && study.map().empty());
        QVERIFY(!fixture.child<QPushButton>("bits_use")->isEnabled());
        QTest::qWait(300);
        QVERIFY(!study.assigned());
        open.open(folder, sweep, {});
        QTRY_VERIFY_WITH_TIMEOUT(study.assigned().has_value(), 20'000);
        QTRY_COMPARE_WITH_TIMEOUT(fixture.child<BitsMap>("bits_map")->data().size(), std::size_t{4}, 5'000);
    }

    /// The pipeline page has brushes of the same names.
    static QToolButton* brush(WorkbenchFixture& fixture, const char* name) {
        return fixture.window().findChild<BitsPage*>()->findChild<QToolButton*>(QLatin1String(name));
    }

    /// After pinAndUnpin(): three strokes, one linear still pinned.
    static void undoAndRedo(WorkbenchFixture& fixture, const BitsStudy& study) {
        auto& stack = fixture.session().pipeline().undoStack();
        stack.undo();
        stack.undo();
        QTRY_COMPARE_WITH_TIMEOUT(study.map()[0][6].by_hand, false, 5'000);
        QVERIFY(study.hasPins());
        stack.undo();
        QTRY_COMPARE_WITH_TIMEOUT(study.map()[1][2].by_hand, false, 5'000);
        QVERIFY(!study.hasPins());
        stack.redo();
        QTRY_COMPARE_WITH_TIMEOUT(study.map()[1][2], (BitsCell{2, true}), 5'000);
        const double wanted = study.wantedBitsPerWeight();
        const int steps = stack.count();
        auto* slider = fixture.child<QSlider>("bits_slider");
        for (int step = 0; step < 20; ++step) slider->setValue(slider->value() - 10);  // one movement
        QVERIFY(study.wantedBitsPerWeight() < wanted);
        QVERIFY(stack.count() < steps);  // what was undone before is gone, the movement is one step
        stack.undo();
        QCOMPARE(study.wantedBitsPerWeight(), wanted);
    }

    static void pinAndUnpin(WorkbenchFixture& fixture, const BitsStudy& study) {
        auto* map = fixture.child<BitsMap>("bits_map");
        QTest::mouseClick(brush(fixture, "brush_2"), Qt::LeftButton);
        QTest::mouseClick(map, Qt::LeftButton, {}, map->cellRect({1, 2}).center().toPoint());
        QTRY_COMPARE_WITH_TIMEOUT(study.map()[1][2], (BitsCell{2, true}), 5'000);
        QTest::mouseClick(brush(fixture, "brush_skip"), Qt::LeftButton);
        QTest::mouseClick(map, Qt::LeftButton, {}, map->cellRect({0, 6}).center().toPoint());
        QTRY_COMPARE_WITH_TIMEOUT(study.map()[0][6], (BitsCell{BitsCell::kSkipped, true}), 5'000);
        QTest::mouseClick(brush(fixture, "brush_auto"), Qt::LeftButton);
        QTest::mouseClick(map, Qt::LeftButton, {}, map->cellRect({0, 6}).center().toPoint());
        QTRY_VERIFY_WITH_TIMEOUT(!study.map()[0][6].by_hand, 5'000);
        QVERIFY(fixture.child<QPushButton>("bits_clear")->isVisible());
    }

    static void grab(WorkbenchFixture& fixture, const char* name) {
        const QString folder = qEnvironmentVariable("QUANTOSCOPE_SCREENS");
        if (folder.isEmpty()) return;
        QTest::qWait(600);
        QVERIFY(fixture.window().grab().save(QDir(folder).filePath(
            QStringLiteral("%1-%2.png").arg(QLatin1String(name), QLatin1String(QTest::currentDataTag())))));
    }

    QString path(const QString& name) const { return folder_.filePath(name); }
    QTemporaryDir folder_;
};

QTEST_MAIN(BitsPageTest)
#include "bits_page_test.moc"
