// If this fails, the map shows a wrong value for a layer, cannot be used from the keyboard, or its colours span the
// wrong range.
#include <QElapsedTimer>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "tests/widgets/warnings.h"
#include "widgets/heatmap/heatmap_painter.h"
#include "widgets/heatmap/heatmap_view.h"
#include "widgets/range_control/range_control.h"

using namespace quantoscope;

namespace {
MetricDescription metric() {
    return {"e", "Output error", "dB", true, false, false, "definition"};
}

HeatmapData data() {
    HeatmapData result(4);
    for (int block = 0; block < 3; ++block)
        for (int row = 0; row < HeatmapData::kRows; ++row) result.set({block, row}, block * 10 + row);
    return result;
}
}  // namespace

class HeatmapTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void recordsAreEnteredByBlockAndRole() {
        LayerRecord record;
        record.block = 2;
        LinearRecord linear;
        linear.role = LinearRole::down_proj;
        linear.metrics["e"] = 0.25;
        record.linears.push_back(linear);
        HeatmapData map(3);
        addRecord(map, record, "e");
        QCOMPARE(map.at({2, 6}), std::optional<double>(0.25));
        QCOMPARE(map.at({2, 5}), std::optional<double>());
        record.block = 7;  // a file from a larger model must not write outside
        addRecord(map, record, "e");
        QCOMPARE(map.present().size(), std::size_t{1});
    }
    void ranksFollowTheMetricsDirection() {
        QCOMPARE(rankOf(data(), {0, 0}, metric()), 1);
        QCOMPARE(rankOf(data(), {2, 6}, metric()), 21);
        MetricDescription up = metric();
        up.lower_is_better = false;
        QCOMPARE(rankOf(data(), {2, 6}, up), 1);
        QCOMPARE(rankOf(data(), {3, 0}, metric()), 0);
    }
    void differenceNeedsBothSides() {
        HeatmapData other = data();
        other.set({0, 0}, 5.0);
        other.set({3, 0}, 1.0);
        const HeatmapData result = difference(data(), other);
        QCOMPARE(result.at({0, 0}), std::optional<double>(-5.0));
        QCOMPARE(result.at({3, 0}), std::optional<double>());
    }
    void theToolTipTellsValueUnitRankAndDelta() {
        HeatmapData pinned = data();
        pinned.set({1, 6}, 12.0);
        const HeatmapData shown = data();
        const QString text = cellToolTip(shown, {1, 6}, metric(), &pinned);
        for (const char* part : {"layers.1.mlp.down_proj", "16 dB", "rank 14 of 21", "+4 dB"})
            QVERIFY2(text.contains(part), qPrintable(text));
        QVERIFY(cellToolTip(shown, {3, 0}, metric(), nullptr).contains("not measured yet"));
    }
    void cellsFillAnyWidthWithoutOverlap() {
        for (const int blocks : {1, 2, 32, 80})
            for (const double width : {200.0, 333.0, 900.0}) {
                const HeatmapGeometry geometry = heatmapGeometry({0, 0, width, 200}, blocks);
                for (int block = 0; block + 1 < blocks; ++block) {
                    const QRectF left = geometry.cellRect({block, 0});
                    const QRectF right = geometry.cellRect({block + 1, 0});
                    QVERIFY(left.width() >= 1.0);
                    QVERIFY(left.right() <= right.left() + 1e-9);
                }
                const QPointF middle = geometry.cellRect({blocks / 2, 3}).center();
                QCOMPARE(geometry.cellAt(middle), std::optional(HeatmapCell{blocks / 2, 3}));
            }
    }
    void sixBlocksFillTheirCardAndOneIsNoBarnDoor() {
        const QRectF card(0, 0, 1100, 200);
        QCOMPARE(heatmapGeometry(card, 6).cells.width(), heatmapGeometry(card, 32).cells.width());
        QVERIFY(heatmapGeometry(card, 1).cells.width() < 300.0);
    }
    void clickAndArrowsSelect() {
        HeatmapView view;
        view.resize(400, 200);
        view.setMetric(metric());
        view.setData(data());
        view.show();
        QSignalSpy selected(&view, &HeatmapView::cellSelected);
        const QRectF cell = heatmapGeometry(view.rect(), 4).cellRect({1, 6});
        QTest::mouseClick(&view, Qt::LeftButton, {}, cell.center().toPoint());
        QCOMPARE(view.selected(), std::optional(HeatmapCell{1, 6}));
        QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.selected(), std::optional(HeatmapCell{2, 5}));
        QTest::keyClick(&view, Qt::Key_End);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(view.selected(), std::optional(HeatmapCell{3, 5}));
        QVERIFY(view.accessibleDescription().contains("not measured yet"));
        QCOMPARE(selected.count(), 5);
        view.setSelected(HeatmapCell{0, 0});
        QCOMPARE(selected.count(), 5);
        QSignalSpy cleared(&view, &HeatmapView::selectionCleared);
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(cleared.count(), 1);
    }
    void theTableHoldsWhatIsShown() {
        HeatmapView view;
        view.setMetric(metric());
        view.setData(data());
        const QStringList lines = view.csvText().split('\n');
        QVERIFY(lines[0].startsWith("block,self_attn.q_proj (dB)"));
        QCOMPARE(lines[2], "1,10,11,12,13,14,15,16");
        QCOMPARE(lines[4], "3,,,,,,,");
    }
    void eightyBlocksPaintInAFrame() {
        HeatmapView view;
        view.resize(900, 220);
        view.setMetric(metric());
        view.setData(HeatmapData(80));
        QImage image(900, 220, QImage::Format_ARGB32_Premultiplied);
        QPainter painter(&image);
        view.paintView(painter, view.rect());
        QElapsedTimer timer;
        timer.start();
        view.paintView(painter, view.rect());
        QVERIFY2(timer.elapsed() < 50, qPrintable(QString::number(timer.elapsed())));
    }
    void autoFitLeavesTheTailsOut() {
        std::vector<double> values;
        for (int i = 0; i <= 1000; ++i) values.push_back(i);
        const ValueRange fitted = autoFitRange(values);
        QCOMPARE(fitted.low, 5.0);
        QCOMPARE(fitted.high, 995.0);
        QCOMPARE(autoFitRange({}), (ValueRange{0.0, 1.0}));
        QCOMPARE(histogramCounts({1, 2, 2, 4, 9}, {1, 4}, ScaleKind::linear, 3), (std::vector<int>{1, 2, 1}));
    }
    void aLockedRangeStays() {
        RangeControl control;
        control.setValues({1, 2, 3, 4}, ScaleKind::linear);
        QSignalSpy changed(&control, &RangeControl::rangeChanged);
        control.findChild<QToolButton*>("rangeLock")->click();
        QVERIFY(control.isLocked());
        const ValueRange before = control.range();
        control.setValues({10, 20, 30}, ScaleKind::linear);
        QCOMPARE(control.range(), before);
        control.setLocked(false);
        control.setValues({10, 20, 30}, ScaleKind::linear);
        QVERIFY(control.range().low >= 10.0);
        QCOMPARE(changed.count(), 1);
    }
    void handlesMoveByMouseAndKeyAndNeverCross() {
        RangeStrip strip;
        strip.resize(210, 26);
        strip.setValues({0.0, 50.0, 100.0}, ScaleKind::linear);
        strip.setRange({20.0, 80.0});
        strip.show();
        QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(5 + 20, 13));
        QVERIFY(strip.range().low < 20.0 && strip.range().high == 80.0);
        QTest::keyClick(&strip, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(strip.range().low > 10.0);
        for (int i = 0; i < 40; ++i) QTest::keyClick(&strip, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(strip.range().low <= strip.range().high);
    }
};
QTEST_MAIN(HeatmapTest)
#include "heatmap_test.moc"
