// If this fails, the time a plan announces and the bounds the benches print are of another amount of work than is done.
#include "core/pipeline/work_estimate.h"

#include <QTest>

using namespace quantoscope;

namespace {

/// Hidden 4 with two heads of 2, no sharing of keys, intermediate 8: products small enough to count by hand.
ModelConfig tinyConfig() {
    ModelConfig config;
    config.hidden_size = 4;
    config.intermediate_size = 8;
    config.block_count = 1;
    config.head_count = 2;
    config.kv_head_count = 2;
    config.head_dim = 2;
    return config;
}

}  // namespace

class WorkEstimateTest : public QObject {
    Q_OBJECT
private slots:
    void aPassIsTwoOperationsAWeightAndTheCausalHalfOfAttention() {
        // q, k, v, o: 4 * 16; gate, up, down: 3 * 32. Scores and sums over half of 10 positions on average: 2 * 10 * 4.
        QCOMPARE(blockPassFlops(tinyConfig(), 10.0, 10.0), 10.0 * (2.0 * 160.0 + 80.0));
        QCOMPARE(inputPassFlops(tinyConfig(), 10.0, 10.0), 10.0 * (2.0 * 128.0 + 80.0));
    }
    void matricesAreCountedByInputAndByLinear() {
        const auto work = blockWork(tinyConfig(), 10.0);
        QCOMPARE(work.gram, 10.0 * (3.0 * 16.0 + 64.0));
        QCOMPARE(work.factor, 2.0 / 3.0 * (3.0 * 64.0 + 512.0));
        // rows * columns^2: four of 4 * 16, gate and up 8 * 16, down 4 * 64
        QCOMPARE(work.solve, 4.0 * 64.0 + 2.0 * 128.0 + 256.0);
        QCOMPARE(work.analysis, work.factor + 2.0 * work.solve);
    }
};

QTEST_APPLESS_MAIN(WorkEstimateTest)
#include "work_estimate_test.moc"
