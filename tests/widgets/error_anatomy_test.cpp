// If this fails, a bar blames another cause than the numbers do, or two bars on one scale cannot be compared.
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

#include "tests/widgets/warnings.h"
#include "widgets/error_anatomy/anatomy_view.h"

using namespace quantoscope;

namespace {

AnatomyRow row(const char* name, double clipping, double outlier, double rounding, double interaction,
               double inherited) {
    return {QLatin1String(name),
            Qt::darkGreen,
            {{"clipping_error", clipping},
             {"outlier_channel_error", outlier},
             {"rounding_error", rounding},
             {"channel_interaction", interaction},
             {"inherited_error", inherited},
             {"relative_output_error", clipping + outlier + rounding + interaction}}};
}

}  // namespace

class ErrorAnatomyTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void partsAreStackedAndWhatIsMadeUpForLiesOverThem() {
        const auto segments = anatomySegments(row("a", 1, 2, 5, -3, 4));
        QCOMPARE(segments.size(), std::size_t{5});
        QCOMPARE(segments[0].end, 1.0);
        QCOMPARE(segments[2].begin, 3.0);
        QCOMPARE(segments[2].end, 8.0);
        QVERIFY(segments[3].part == AnatomyPart::interaction);
        QCOMPARE(segments[3].begin, 5.0);  // the own error that is left
        QCOMPARE(segments[3].end, 8.0);
        QCOMPARE(segments[4].begin, 8.0);
        QCOMPARE(segments[4].end, 12.0);
        const auto added = anatomySegments(row("a", 0, 0, 5, 3, 4));  // zeros are left out
        QCOMPARE(added.size(), std::size_t{3});
        QCOMPARE(added[1].end, 8.0);
        QCOMPARE(added[2].begin, 8.0);
        QVERIFY(anatomySegments({QStringLiteral("old run"), Qt::red, {{"relative_output_error", 0.1}}}).empty());
    }
    void barsCompareOnOneScaleAndFillTheViewInShares() {
        AnatomyView view;
        view.resize(600, view.minimumSizeHint().height());
        view.setRows({row("a", 1, 1, 2, 0, 4), row("b", 0, 0, 2, -1, 0)});
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCOMPARE(view.segmentRect(0, AnatomyPart::clipping).width(), 600.0 / 8);
        QCOMPARE(view.segmentRect(1, AnatomyPart::rounding).width(), 600.0);
        QCOMPARE(view.segmentRect(1, AnatomyPart::interaction).width(), 300.0);
        QVERIFY(view.segmentRect(1, AnatomyPart::inherited).isEmpty());
        view.setScale(AnatomyScale::absolute);
        QCOMPARE(view.segmentRect(1, AnatomyPart::rounding).width(), 150.0);
        QVERIFY(!view.grab().isNull());
    }
    void theMouseAndTheKeysReadOutAPart() {
        AnatomyView view;
        view.resize(600, 200);
        view.setRows({row("run a", 1, 1, 2, 0, 4), row("run b", 0, 0, 2, -1, 0)});
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QTest::mouseMove(&view, view.segmentRect(0, AnatomyPart::clipping).center().toPoint());
        QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("clipping: 1")));
        QVERIFY(QToolTip::text().contains(QStringLiteral("25 % of the linear's own output error")));
        QVERIFY(QToolTip::text().contains(QStringLiteral("D_ij^2 G_jj")));
        QTest::mouseMove(&view, view.segmentRect(1, AnatomyPart::interaction).center().toPoint());
        QTRY_VERIFY(QToolTip::text().contains(QStringLiteral("run b")));
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("clipping: 1")));
        QTest::keyClick(&view, Qt::Key_Right);
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("outlier channels: 1")));
        view.setRows({row("run a", 0, 3, 2, 0, 4), row("run b", 0, 0, 2, -1, 0)});  // a live run goes on
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("outlier channels: 3")));
        QTest::keyClick(&view, Qt::Key_Down);
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("run b")));
        view.setRows({row("run b", 0, 0, 2, -1, 0)});
        QVERIFY(!view.accessibleDescription().contains(QStringLiteral("run b")));
    }
    void anOldRunSaysItWasNotMeasured() {
        AnatomyView view;
        view.resize(600, 200);
        view.setRows({{QStringLiteral("old"), Qt::red, {{"relative_output_error", 0.1}}}, row("new", 1, 0, 0, 0, 0)});
        view.show();
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Right);  // nothing to choose there
        QVERIFY(!view.grab().isNull());
        const auto table = view.viewTable();
        QCOMPARE(table.header.size(), 7);
        QCOMPARE(table.rows[0], (QStringList{"old", "0.1", "", "", "", "", ""}));
        QCOMPARE(table.rows[1], (QStringList{"new", "1", "1", "0", "0", "0", "0"}));
        view.setRows({});
        QVERIFY(!view.grab().isNull());
    }
};
QTEST_MAIN(ErrorAnatomyTest)
#include "error_anatomy_test.moc"
