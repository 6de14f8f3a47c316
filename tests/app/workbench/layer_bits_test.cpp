// If this fails, bits painted on single linears in the pipeline are not those that run, or cannot be undone.
// With QUANTOSCOPE_SCREENS the page is drawn into that folder.
#include <QDir>
#include <QPushButton>
#include <QToolButton>

#include "tests/app/workbench/workbench_fixture.h"
#include "tests/support/tiny_model.h"
#include "widgets/bits_map/bits_map.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class LayerBitsTest : public QObject {
    Q_OBJECT

private slots:
    void strokesBecomeRulesAndUndoTakesThemBack() {
        WorkbenchFixture fixture;
        const QString model = fixture.folder.filePath(QStringLiteral("model"));
        QVERIFY(test::writeTinyModel(model.toStdString(), {.block_count = 6}).has_value());
        fixture.window().resize(1280, 800);
        fixture.window().show();
        fixture.workbench->openPaths({model});
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().models().current() != nullptr, 20'000);
        fixture.window().showPage(QStringLiteral("pipeline"));
        auto* map = fixture.child<BitsMap>("layer_bits_map");
        QVERIFY(!map->isVisible());
        QTest::mouseClick(fixture.child<QPushButton>("layer_bits_unfold"), Qt::LeftButton);
        QTRY_VERIFY(map->isVisible() && map->height() >= 150);
        QCOMPARE(map->data().size(), std::size_t{6});

        auto* card = fixture.child<QWidget>("layer_bits_card");
        QTest::mouseClick(card->findChild<QToolButton*>(QStringLiteral("brush_8")), Qt::LeftButton);
        const auto at = [&](HeatmapCell cell) { return map->cellRect(cell).center().toPoint(); };
        QTest::mousePress(map, Qt::LeftButton, {}, at({0, 6}));
        for (const int block : {1, 2}) QTest::mouseMove(map, at({block, 6}));
        QTest::mouseRelease(map, Qt::LeftButton, {}, at({2, 6}));
        QCOMPARE(rules(fixture), QStringLiteral("0-2.down_proj=8"));
        QTest::mouseClick(card->findChild<QToolButton*>(QStringLiteral("brush_skip")), Qt::LeftButton);
        QTest::mouseClick(map, Qt::LeftButton, {}, at({5, 0}));
        QCOMPARE(rules(fixture), QStringLiteral("0-2.down_proj=8,5.q_proj=skip"));
        grab(fixture);
        fixture.session().pipeline().undoStack().undo();
        QCOMPARE(rules(fixture), QStringLiteral("0-2.down_proj=8"));
        QCOMPARE(map->data()[5][0], BitsCell());
        QTest::mouseClick(fixture.child<QPushButton>("layer_bits_clear"), Qt::LeftButton);
        QCOMPARE(rules(fixture), QString());
        fixture.session().pipeline().undoStack().undo();
        QCOMPARE(rules(fixture), QStringLiteral("0-2.down_proj=8"));
    }

private:
    static QString rules(WorkbenchFixture& fixture) {
        return QString::fromStdString(layerBitsText(fixture.session().pipeline().draft().recipe.layer_bits));
    }

    static void grab(WorkbenchFixture& fixture) {
        const QString folder = qEnvironmentVariable("QUANTOSCOPE_SCREENS");
        if (folder.isEmpty()) return;
        QTest::qWait(600);
        QVERIFY(fixture.window().grab().save(QDir(folder).filePath(QStringLiteral("layer-bits.png"))));
    }
};

QTEST_MAIN(LayerBitsTest)
#include "layer_bits_test.moc"
