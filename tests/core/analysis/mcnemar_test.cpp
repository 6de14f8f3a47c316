// If this fails, two runs over the same questions are called different by chance, or a real loss is called noise.
#include "core/analysis/mcnemar.h"

#include <QTest>
#include <cmath>
#include <vector>

using namespace quantoscope;

class McnemarTest : public QObject {
    Q_OBJECT
private slots:
    void pValues_data() {
        QTest::addColumn<int>("one");
        QTest::addColumn<int>("other");
        QTest::addColumn<double>("p");
        // Exact: rational arithmetic over binomial coefficients. Above 25 flips: chi-square's tail as erfc.
        QTest::newRow("none") << 0 << 0 << 1.0;
        QTest::newRow("all one way") << 0 << 5 << 0.0625;
        QTest::newRow("small") << 3 << 10 << 0.09228515625;
        QTest::newRow("even") << 12 << 13 << 1.0;
        QTest::newRow("last exact") << 24 << 1 << 1.5497207641601562e-06;
        QTest::newRow("chi-square 9.025") << 10 << 30 << 0.002663119259138554;
        QTest::newRow("chi-square 10.50625") << 101 << 59 << 0.0011897145041076254;
        QTest::newRow("no difference") << 13 << 13 << 1.0;
    }
    void pValues() {
        QFETCH(int, one);
        QFETCH(int, other);
        QFETCH(double, p);
        QVERIFY(std::abs(mcnemarPValue(one, other) - p) <= 1e-12 * p);
        QCOMPARE(mcnemarPValue(one, other), mcnemarPValue(other, one));
    }
    void flipsAreCountedByDirection() {
        // 100 questions: 60 right in both, 3 lost, 10 won, 20 wrong alike, 7 wrong in another way.
        std::vector<std::int64_t> baseline;
        std::vector<std::int64_t> run;
        const auto add = [&](int count, std::int64_t before, std::int64_t after) {
            baseline.insert(baseline.end(), static_cast<std::size_t>(count), before);
            run.insert(run.end(), static_cast<std::size_t>(count), after);
        };
        add(60, 0, 0);
        add(3, 0, 2);
        add(10, 1, 0);
        add(20, 1, 1);
        add(7, 1, 2);
        const std::vector<std::int64_t> gold(100, 0);
        const auto result = comparePicks(gold, baseline, run);
        QVERIFY(result);
        QCOMPARE(result->items, 100);
        QCOMPARE(result->right_to_wrong, 3);
        QCOMPARE(result->wrong_to_right, 10);
        QCOMPARE(result->other_changes, 7);
        QVERIFY(result->exact);
        QCOMPARE(result->difference, 0.07);
        QCOMPARE(result->p_value, 0.09228515625);
        QVERIFY(std::abs(result->difference_interval.low + 0.0020254447865352826) < 1e-14);
        QVERIFY(std::abs(result->difference_interval.high - 0.1392803467473196) < 1e-14);
    }
    void whatCannotBeTestedSaysSo() {
        const std::vector<std::int64_t> two{0, 1};
        const std::vector<std::int64_t> three{0, 1, 1};
        QVERIFY(!comparePicks(two, two, three));
        QVERIFY(!comparePicks({}, {}, {}));
        const std::vector<std::int64_t> broken{0, -1};
        const auto result = comparePicks(two, two, broken);
        QVERIFY(!result);
        QVERIFY(result.error().message.starts_with("question 2 of the run"));
    }
};
QTEST_APPLESS_MAIN(McnemarTest)
#include "mcnemar_test.moc"
