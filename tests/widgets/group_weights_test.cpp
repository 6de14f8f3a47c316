// If this fails, a weight is drawn off its grid, or the weight that is read out is not the one under the mouse.
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "tests/widgets/warnings.h"
#include "widgets/group_weights/group_weights_view.h"

using namespace quantoscope;

namespace {

/// Every third channel from 5 on; weights half a step above their levels, the last outside the range.
std::shared_ptr<const GroupWeights> someWeights(std::int64_t count, int levels) {
    auto weights = std::make_shared<GroupWeights>();
    weights->row = 4;
    weights->group = 1;
    for (int code = 0; code < levels; ++code) weights->levels.push_back(0.25F * static_cast<float>(code - levels / 2));
    for (std::int64_t i = 0; i < count; ++i) {
        const float level = weights->levels[static_cast<std::size_t>(i % levels)];
        weights->channels.push_back(5 + 3 * i);
        weights->original.push_back(i + 1 == count ? 9.0F : level + 0.1F);
        weights->quantized.push_back(level);
        weights->clipped.push_back(i + 1 == count);
    }
    return weights;
}

void show(GroupWeightsView& view) {
    view.resize(640, 260);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.setFocus();
}

}  // namespace

class GroupWeightsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void aClickNamesTheChannelUnderIt() {
        GroupWeightsView view;
        view.setWeights(someWeights(32, 8));
        show(view);
        QSignalSpy chosen(&view, &GroupWeightsView::channelSelected);
        const auto dot = view.dotOf(10);
        QVERIFY(dot.has_value());
        QTest::mouseClick(&view, Qt::LeftButton, {}, dot->toPoint());
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(chosen[0][0].toLongLong(), 35);
        QVERIFY(!view.grab().isNull());
    }
    void keysGoAlongTheGroupAndToOtherRows() {
        GroupWeightsView view;
        view.setWeights(someWeights(32, 8));
        view.setChannel(35);
        show(view);
        QSignalSpy chosen(&view, &GroupWeightsView::channelSelected);
        QSignalSpy stepped(&view, &GroupWeightsView::rowStepped);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(chosen[0][0].toLongLong(), 38);
        view.setChannel(5);
        QTest::keyClick(&view, Qt::Key_Left);  // the first of the group
        QCOMPARE(chosen[1][0].toLongLong(), 5);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(stepped[0][0].toInt(), 1);
        QCOMPARE(stepped[1][0].toInt(), -1);
        view.setChannel(6);  // in another group
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(chosen[2][0].toLongLong(), 5);
    }
    void dotsStandWhereTheirValuesAre() {
        GroupWeightsView view;
        view.setWeights(someWeights(16, 8));
        show(view);
        // Weights 1 and 9 have the same value; 2 is a step above them.
        QCOMPARE(view.dotOf(1)->y(), view.dotOf(9)->y());
        QVERIFY(view.dotOf(2)->y() < view.dotOf(1)->y());
        const double step = view.dotOf(2)->y() - view.dotOf(1)->y();  // of values in float32
        QVERIFY(std::fabs(view.dotOf(3)->y() - view.dotOf(2)->y() - step) < 1e-3);
        QVERIFY(view.dotOf(15)->y() > 0.0 && view.rect().contains(view.dotOf(15)->toPoint()));
    }
    void aLargeGroupIsShownAroundTheChannel() {
        GroupWeightsView view;
        view.setWeights(someWeights(1000, 256));
        show(view);
        QVERIFY(view.dotOf(0).has_value() && !view.dotOf(900).has_value());
        QVERIFY(view.rangeText().contains(QStringLiteral("of the group's 1000")));
        view.setChannel(5 + 3 * 900);
        QVERIFY(!view.dotOf(0).has_value() && view.dotOf(900).has_value());
        QCOMPARE(view.viewTable().rows.size(), static_cast<std::size_t>(GroupWeightsView::kMostShown));
        QVERIFY(!view.grab().isNull());
    }
    void theTableIsWhatIsShown() {
        GroupWeightsView view;
        view.setWeights(someWeights(2, 2));
        show(view);
        const auto table = view.viewTable();
        QCOMPARE(table.rows.size(), std::size_t{2});
        QCOMPARE(table.rows[1], (QStringList{"4", "8", "9", "0", "9", "yes"}));
        view.setWeights(nullptr);
        QVERIFY(view.viewTable().rows.empty() && !view.dotOf(0).has_value());
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(!view.grab().isNull());
    }
};
QTEST_MAIN(GroupWeightsTest)
#include "group_weights_test.moc"
