// If this fails, multiple-choice questions get other answers on a GPU than on the CPU.
#include "core/model/gpu/gpu_score.h"

#include <QTest>
#include <cmath>

#include "tests/core/model/some_requests.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/emulated_cuda.h"

using namespace quantoscope;
using namespace quantoscope::test;

class GpuScoreTest : public QObject {
    Q_OBJECT
private slots:
    void aGpuFindsTheSameLikelihoods_data() {
        QTest::addColumn<qlonglong>("pass_bytes");
        QTest::newRow("one pass") << static_cast<qlonglong>(kScorePassBytes);
        QTest::newRow("many passes") << qlonglong{300 * 64 * 4};  // 300 tokens
    }
    void aGpuFindsTheSameLikelihoods() {
        QFETCH(qlonglong, pass_bytes);
        const EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        QVERIFY(gpu.has_value());
        const auto weights = randomModel(smallConfig(), 3);
        const auto requests = someRequests();
        JobContext job;
        const auto wanted = tokenLogProbabilities(*weights, requests, Precision::bfloat16, job);
        const auto found = tokenLogProbabilitiesOnGpu(*gpu, *weights, requests, job, pass_bytes);
        QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
        QCOMPARE(found->size(), wanted->size());
        for (std::size_t i = 0; i < requests.size(); ++i) {
            QCOMPARE(found->at(i).size(), wanted->at(i).size());
            for (std::size_t t = 0; t < wanted->at(i).size(); ++t)
                QVERIFY(std::fabs(found->at(i)[t] - wanted->at(i)[t]) < 0.02);
        }
        QVERIFY(tokenLogProbabilitiesOnGpu(*gpu, *weights, {}, job)->empty());
        const std::vector<TokenRequest> nothing{{{1, 2}, {}, 0}};
        QVERIFY(tokenLogProbabilitiesOnGpu(*gpu, *weights, nothing, job)->front().empty());
        const std::vector<TokenRequest> outside{{{1, 2}, {{2, 3}}, 0}};
        QVERIFY(!tokenLogProbabilitiesOnGpu(*gpu, *weights, outside, job).has_value());
        QCOMPARE(emulated.misuse(), std::string());
        QCOMPARE(emulated.bytesInUse(), 0ULL);
        QCOMPARE(emulated.pinnedRanges(), 0);
    }
};
QTEST_APPLESS_MAIN(GpuScoreTest)
#include "gpu_score_test.moc"
