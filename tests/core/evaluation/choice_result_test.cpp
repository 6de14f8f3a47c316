// If this fails, a model is told to have picked another answer than it did, or an accuracy is printed that no one could
// compare: wrong ties, a NaN that counts as an answer, a wrong standard error.
#include "core/evaluation/choice/choice_result.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace quantoscope;

class ChoiceResultTest : public QObject {
    Q_OBJECT
private slots:
    void picksFollowTheRules() {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(pickOf(ChoiceResult{{-1.0, -1.0}, {}, 0}), 0);
        QCOMPARE(pickOf(ChoiceResult{{nan, -1.0}, {}, 0}), -1);
        QCOMPARE(pickOf(ChoiceResult{{-1.0, nan}, {}, 0}), -1);
        const double infinity = std::numeric_limits<double>::infinity();
        QCOMPARE(pickOf(ChoiceResult{{-infinity, -5.0}, {}, 0}), 1);
        const ChoiceResult lengths{{-10.0, -12.0}, {10, 20}, 0};
        QCOMPARE(pickOf(lengths), 0);
        QCOMPARE(normalisedPickOf(lengths), 1);
        QCOMPARE(normalisedPickOf(ChoiceResult{{-1.0, -3.0}, {0, 2}, 0}), 0);
    }
    void accuracyHasItsStandardError() {
        const auto arc = accuracyOf(591, 1172);
        QCOMPARE(QString::number(100.0 * arc.value, 'f', 1), QString("50.4"));
        QCOMPARE(QString::number(100.0 * arc.standard_error, 'f', 2), QString("1.46"));
        QCOMPARE(QString::number(accuracyOf(1469, 1838).standard_error, 'f', 4), QString("0.0093"));
        QVERIFY(std::abs(accuracyOf(1469, 1838).standard_error - 0.0094) < 6e-5);
        QVERIFY(std::isnan(accuracyOf(0, 0).value) && std::isnan(accuracyOf(1, 1).standard_error));
    }
    void aModelOfNaNsHasNoAccuracy() {
        constexpr double nan = std::numeric_limits<double>::quiet_NaN();
        const std::vector<ChoiceResult> results{{{-1.0, -2.0}, {1, 1}, 0}, {{nan, nan}, {1, 1}, 0}};
        QVERIFY(std::isnan(accuracyOf(results).value) && std::isnan(normalisedAccuracyOf(results).value));
        QCOMPARE(accuracyOf(std::span(results).first(1)).value, 1.0);
    }
};
QTEST_APPLESS_MAIN(ChoiceResultTest)
#include "choice_result_test.moc"
