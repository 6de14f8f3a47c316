// If this fails, the output error of every linear (the heatmap people decide by) is wrong on some shape or processor.
#include "kernels/weighted_error/weighted_error.h"

#include <QTest>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "kernels/base/cpu_features.h"

using namespace quantoscope::kernels;

namespace {

struct Case {
    std::vector<float> error;
    std::vector<float> gram;
};

/// A real Gram matrix (of `columns` + 3 random tokens) and random errors.
Case makeCase(std::int64_t rows, std::int64_t columns) {
    std::mt19937 random(static_cast<unsigned>(rows * 1009 + columns));
    std::normal_distribution<float> normal;
    Case data;
    data.error.resize(static_cast<std::size_t>(rows * columns));
    for (auto& value : data.error) value = 0.01F * normal(random);
    const std::int64_t tokens = std::min<std::int64_t>(columns + 3, 64);
    std::vector<float> inputs(static_cast<std::size_t>(tokens * columns));
    for (auto& value : inputs) value = normal(random) + 0.5F;
    data.gram.resize(static_cast<std::size_t>(columns * columns));
    for (std::int64_t j = 0; j < columns; ++j)
        for (std::int64_t k = 0; k < columns; ++k) {
            double sum = 0.0;
            for (std::int64_t t = 0; t < tokens; ++t)
                sum += static_cast<double>(inputs[static_cast<std::size_t>(t * columns + j)]) *
                       inputs[static_cast<std::size_t>(t * columns + k)];
            data.gram[static_cast<std::size_t>(j * columns + k)] = static_cast<float>(sum);
        }
    return data;
}

/// sum |e_j| |G_jk| |e_k|: what rounding is measured against.
double magnitude(const Case& data, std::int64_t columns, std::int64_t row) {
    double sum = 0.0;
    const float* error = data.error.data() + row * columns;
    for (std::int64_t j = 0; j < columns; ++j)
        for (std::int64_t k = 0; k < columns; ++k)
            sum += std::fabs(static_cast<double>(error[j]) * error[k] *
                             data.gram[static_cast<std::size_t>(j * columns + k)]);
    return sum;
}

}  // namespace

class WeightedErrorTest : public QObject {
    Q_OBJECT
private slots:
    void theReferenceIsTheHandWorkedSum() {
        // e = (1, 2), G = ((3, 5), (5, 7)): 3 + 2 * 2 * 5 + 4 * 7 = 51; e = (-1, 1): 3 - 10 + 7 = 0.
        const float error[] = {1, 2, -1, 1};
        const float gram[] = {3, 5, 5, 7};
        double energy[2];
        weightedErrorReference(error, 2, 2, gram, energy);
        QCOMPARE(energy[0], 51.0);
        QCOMPARE(energy[1], 0.0);
    }
    void everyLevelAgreesWithTheReference_data() {
        QTest::addColumn<int>("level");
        for (int level = 0; level <= static_cast<int>(CpuLevel::avx512); ++level)
            QTest::newRow(cpuLevelName(static_cast<CpuLevel>(level))) << level;
    }
    void everyLevelAgreesWithTheReference() {
        QFETCH(const int, level);
        if (static_cast<CpuLevel>(level) > detectedCpuLevel()) QSKIP("this processor lacks it");
        setCpuLevel(static_cast<CpuLevel>(level));
        for (const std::int64_t rows : {0, 1, 2, 7, 8, 9, 23, 24, 25, 47, 48, 49, 97})
            for (const std::int64_t columns : {1, 2, 3, 7, 8, 9, 15, 127, 128, 129, 137, 263}) {
                const Case data = makeCase(rows, columns);
                std::vector<double> expected(static_cast<std::size_t>(rows)),
                    found(static_cast<std::size_t>(rows), -1.0);
                weightedErrorReference(data.error.data(), rows, columns, data.gram.data(), expected.data());
                QVERIFY(weightedError(data.error.data(), rows, columns, data.gram.data(), found.data(), {}) ==
                        KernelStatus::ok);
                for (std::int64_t i = 0; i < rows; ++i) {
                    const auto at = static_cast<std::size_t>(i);
                    QVERIFY2(std::fabs(found[at] - expected[at]) <= 2e-6 * magnitude(data, columns, i),
                             qPrintable(QString("%1 x %2, row %3").arg(rows).arg(columns).arg(i)));
                }
            }
        setCpuLevel(detectedCpuLevel());
    }
    void aNonFiniteWeightShowsInItsRowAlone() {
        Case data = makeCase(3, 20);
        data.error[25] = std::numeric_limits<float>::quiet_NaN();
        std::vector<double> energy(3);
        QVERIFY(weightedError(data.error.data(), 3, 20, data.gram.data(), energy.data(), {}) == KernelStatus::ok);
        QVERIFY(std::isfinite(energy[0]) && std::isnan(energy[1]) && std::isfinite(energy[2]));
    }
    void aStopIsHeard() {
        const Case data = makeCase(60, 263);
        std::vector<double> energy(60);
        std::stop_source source;
        source.request_stop();
        QVERIFY(weightedError(data.error.data(), 60, 263, data.gram.data(), energy.data(), source.get_token()) ==
                KernelStatus::cancelled);
    }
};
QTEST_APPLESS_MAIN(WeightedErrorTest)
#include "weighted_error_test.moc"
