// If this fails, the strip names another channel than the one under the mouse, or a place cannot be chosen by keyboard.
#include <QSignalSpy>
#include <QTest>
#include <cmath>

#include "tests/widgets/warnings.h"
#include "widgets/strip/strip_view.h"

using namespace quantoscope;

namespace {

StripData someData() {
    return {QStringLiteral("mean squared error"), QStringLiteral("channel"), {1, 5, 2, 5, 0, 3, 4, 2}, {}};
}

void show(StripView& view, const StripData& data) {
    view.resize(404, 140);
    view.setData(data);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    view.setFocus();
}

QPoint middle(const StripView& view, qint64 item) {
    return view.itemRect(item).center().toPoint();
}

}  // namespace

class StripTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void ranksAreFromTheLargestAndTiesShareOne() {
        QCOMPARE(ranksFromLargest({1, 5, 2, 5, NAN}), (std::vector<int>{4, 1, 3, 1, 0}));
        QVERIFY(ranksFromLargest({}).empty());
    }
    void theReadOutSaysValueRankAndDifference() {
        auto data = someData();
        data.pinned = {1, 4, 2, 5, 0, 3, 4, 2};
        const QString text = stripToolTip(data, ranksFromLargest(data.values), 1);
        for (const auto* part : {"channel 1", "mean squared error: 5", "rank 1 of 8", "+1 against the pinned run"})
            QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
        QVERIFY(!stripToolTip(someData(), ranksFromLargest(data.values), 1).contains(QStringLiteral("pinned")));
    }
    void aClickChoosesAndADragChoosesARange() {
        StripView view(StripChoice::range);
        show(view, someData());
        QSignalSpy chosen(&view, &StripView::rangeSelected);
        QTest::mouseClick(&view, Qt::LeftButton, {}, middle(view, 2));
        QCOMPARE(chosen.count(), 1);
        QCOMPARE(view.selected(), (StripRange{2, 2}));
        QTest::mousePress(&view, Qt::LeftButton, {}, middle(view, 6));
        QTest::mouseMove(&view, middle(view, 5));
        QTest::mouseMove(&view, middle(view, 3));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, middle(view, 3));
        QCOMPARE(view.selected(), (StripRange{3, 6}));
        QCOMPARE(chosen.count(), 2);
        QSignalSpy activated(&view, &StripView::rangeActivated);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated[0][1].toLongLong(), 6);
    }
    void aDoubleClickInAChosenRangeActivatesTheRange() {
        StripView view(StripChoice::range);
        show(view, someData());
        view.setSelected(StripRange{3, 6});
        QSignalSpy activated(&view, &StripView::rangeActivated);
        QTest::mouseClick(&view, Qt::LeftButton, {}, middle(view, 4));
        QTest::mouseDClick(&view, Qt::LeftButton, {}, middle(view, 4));
        QCOMPARE(view.selected(), (StripRange{3, 6}));
        QCOMPARE(activated.takeLast(), (QVariantList{3, 6}));
        QTest::mouseClick(&view, Qt::LeftButton, {}, middle(view, 1));
        QTest::mouseDClick(&view, Qt::LeftButton, {}, middle(view, 1));  // beside it: that one channel
        QCOMPARE(activated.takeLast(), (QVariantList{1, 1}));
    }
    void groupsAreChosenOneAtATime() {
        StripView view(StripChoice::single);
        show(view, someData());
        QTest::mousePress(&view, Qt::LeftButton, {}, middle(view, 1));
        QTest::mouseMove(&view, middle(view, 4));
        QTest::mouseRelease(&view, Qt::LeftButton, {}, middle(view, 4));
        QCOMPARE(view.selected(), (StripRange{1, 1}));
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(view.selected(), (StripRange{2, 2}));
    }
    void keysMoveExtendAndFollowTheRank() {
        StripView view(StripChoice::range);
        show(view, someData());
        QTest::keyClick(&view, Qt::Key_Up);  // nothing chosen: the largest
        QCOMPARE(view.selected(), (StripRange{1, 1}));
        QTest::keyClick(&view, Qt::Key_Down);  // as large
        QCOMPARE(view.selected(), (StripRange{3, 3}));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.selected(), (StripRange{6, 6}));
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.selected(), (StripRange{3, 3}));
        QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
        QCOMPARE(view.selected(), (StripRange{4, 5}));
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.selected(), (StripRange{3, 4}));
        QTest::keyClick(&view, Qt::Key_End);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(view.selected(), (StripRange{7, 7}));
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(view.selected(), (StripRange{0, 0}));
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("rank 7 of 8")));
        QSignalSpy cleared(&view, &StripView::selectionCleared);
        QTest::keyClick(&view, Qt::Key_Escape);
        QCOMPARE(cleared.count(), 1);
        QVERIFY(!view.selected());
    }
    void aPixelOfManyChannelsNamesTheLargest() {
        StripData data = someData();
        data.values.assign(40'000, 0.5F);
        data.values[20'003] = 9.0F;
        StripView view(StripChoice::range);
        show(view, data);
        QTest::mouseClick(&view, Qt::LeftButton, {},
                          QPoint(static_cast<int>(std::floor(view.itemRect(20'003).left())), 70));
        QCOMPARE(view.selected(), (StripRange{20'003, 20'003}));
    }
    void theTableIsWhatIsShown() {
        StripView view(StripChoice::range);
        auto data = someData();
        data.pinned = data.values;
        show(view, data);
        QVERIFY(view.csvText().startsWith("channel,mean squared error,rank,pinned run\n0,1,7,1\n1,5,1,5\n"));
        view.setSelected(StripRange{3, 900});  // of another linear
        QVERIFY(!view.selected());
        view.setData({});
        view.setEmptyText(QStringLiteral("Not measured"));
        QVERIFY(!view.grab().isNull());
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(!view.selected());
    }
};
QTEST_MAIN(StripTest)
#include "strip_test.moc"
