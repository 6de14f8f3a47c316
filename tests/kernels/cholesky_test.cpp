// If this fails, GPTQ weighs the errors it pushes on by wrong numbers.
#include "kernels/cholesky/cholesky.h"

#include <QTest>
#include <cmath>
#include <vector>

using namespace quantoscope::kernels;

namespace {

/// A well conditioned symmetric matrix: correlated columns and a diagonal.
std::vector<float> matrix(std::int64_t n) {
    std::vector<float> h(static_cast<std::size_t>(n * n));
    for (std::int64_t i = 0; i < n; ++i)
        for (std::int64_t j = 0; j < n; ++j)
            h[static_cast<std::size_t>(i * n + j)] =
                static_cast<float>(std::exp(-std::fabs(static_cast<double>(i - j)) / 5.0) +
                                   (i == j ? 0.5 + 0.01 * static_cast<double>(i % 17) : 0.0));
    return h;
}

}  // namespace

class CholeskyTest : public QObject {
    Q_OBJECT
private slots:
    void bothPrecisionsAgreeWithTheReference_data() {
        QTest::addColumn<qint64>("n");
        for (const int n : {1, 2, 7, 127, 128, 129, 300}) QTest::newRow(qPrintable(QString::number(n))) << qint64(n);
    }
    void bothPrecisionsAgreeWithTheReference() {
        QFETCH(qint64, n);
        const auto h = matrix(n);
        std::vector<float> expected(h.size());
        QVERIFY(inverseFactorReference(h.data(), n, expected.data()) == KernelStatus::ok);
        auto narrow = h;
        auto wide = h;
        QVERIFY(inverseFactor(narrow.data(), n) == KernelStatus::ok);
        QVERIFY(inverseFactorFloat64(wide.data(), n) == KernelStatus::ok);
        for (std::size_t i = 0; i < h.size(); ++i) {
            QVERIFY(std::fabs(narrow[i] - expected[i]) < 2e-5F);
            QVERIFY(std::fabs(wide[i] - expected[i]) < 1e-6F);
        }
    }
    void aSingularMatrixIsRefused() {
        std::vector<float> ones(64, 1.0F);
        QVERIFY(inverseFactor(ones.data(), 8) == KernelStatus::not_positive_definite);
        std::vector<float> negative{1.0F, 2.0F, 2.0F, 1.0F};
        QVERIFY(inverseFactorFloat64(negative.data(), 2) == KernelStatus::not_positive_definite);
    }
    void aStopIsSeen() {
        std::stop_source stop;
        stop.request_stop();
        auto h = matrix(8);
        QVERIFY(inverseFactor(h.data(), 8, stop.get_token()) == KernelStatus::cancelled);
    }
};
QTEST_APPLESS_MAIN(CholeskyTest)
#include "cholesky_test.moc"
