// If this fails, second moments are wrong and every calibrated method solves the wrong problem.
#include "kernels/gram/gram.h"

#include <QTest>
#include <cmath>
#include <vector>

#include "kernels/base/cpu_features.h"
#include "kernels/convert_float/convert_float.h"
#include "tests/kernels/cuda_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

namespace {

std::vector<float> inputs(std::int64_t rows, std::int64_t columns) {
    std::vector<float> x;
    for (std::int64_t t = 0; t < rows; ++t)
        for (std::int64_t j = 0; j < columns; ++j) {
            const auto value = static_cast<double>((7919 * t + 104729 * j + 31 * t * j) % 2003) / 2003.0 - 0.5;
            x.push_back(roundToBfloat16(static_cast<float>(j % 13 == 0 ? 20.0 * value : value)));
        }
    return x;
}

constexpr float kCpuTolerance = 1e-5F;
constexpr float kGpuTolerance = 4e-5F;  // tensor cores cut a sum off where processors round it

/// Within `tolerance` of what the two columns could give at most.
bool isNear(const std::vector<float>& gram, const std::vector<float>& expected, std::int64_t columns, float tolerance) {
    for (std::int64_t i = 0; i < columns; ++i) {
        for (std::int64_t j = 0; j < columns; ++j) {
            const auto bound = tolerance * std::sqrt(expected[static_cast<std::size_t>(i * columns + i)] *
                                                     expected[static_cast<std::size_t>(j * columns + j)]);
            const auto at = static_cast<std::size_t>(i * columns + j);
            if (!(std::fabs(gram[at] - expected[at]) <= bound + 1e-12F)) return false;
        }
    }
    return true;
}

/// The mirrored Gram matrix from the GPU, the rows given in two calls.
std::vector<float> gramOnGpu(Gpu& gpu, const std::vector<float>& x, std::int64_t rows, std::int64_t columns,
                             bool bfloat16) {
    const auto size = static_cast<std::size_t>(columns * columns);
    float* const gram = gpu.upload(std::vector<float>(size, 0.0F));
    std::vector<std::uint16_t> rounded(x.size());
    floatToBfloat16(x.data(), rounded.data(), x.size());
    const auto& cuda = Gpu::functions();
    const auto first = rows / 3;
    if (bfloat16) {
        const std::uint16_t* const bits = gpu.upload(rounded);
        gpu.check(cuda.gramAddBfloat16(gpu.context(), bits, first, columns, gram));
        gpu.check(cuda.gramAddBfloat16(gpu.context(), bits + first * columns, rows - first, columns, gram));
    } else {
        const float* const values = gpu.upload(x);
        gpu.check(cuda.gramAddFloat32(gpu.context(), values, first, columns, gram));
        gpu.check(cuda.gramAddFloat32(gpu.context(), values + first * columns, rows - first, columns, gram));
    }
    gpu.check(cuda.gramMirror(gpu.context(), gram, columns));
    return gpu.download(gram, size);
}

}  // namespace

class GramTest : public QObject {
    Q_OBJECT
private slots:
    void cleanup() { setCpuLevel(detectedCpuLevel()); }

    void everyLevelAgreesWithTheReference_data() {
        QTest::addColumn<qint64>("rows");
        QTest::addColumn<qint64>("columns");
        QTest::newRow("one") << qint64(1) << qint64(1);
        QTest::newRow("odd rows") << qint64(301) << qint64(49);
        QTest::newRow("whole tiles") << qint64(256) << qint64(96);
        QTest::newRow("tails") << qint64(517) << qint64(131);
    }
    void everyLevelAgreesWithTheReference() {
        QFETCH(qint64, rows);
        QFETCH(qint64, columns);
        const auto x = inputs(rows, columns);
        std::vector<std::uint16_t> rounded(x.size());
        floatToBfloat16(x.data(), rounded.data(), x.size());
        const auto size = static_cast<std::size_t>(columns * columns);
        std::vector<float> expected(size, 0.0F);
        gramReference(x.data(), rows, columns, expected.data());
        gramMirror(expected.data(), columns);
        for (const auto level : {CpuLevel::baseline, CpuLevel::avx2, CpuLevel::avx512, CpuLevel::avx512_bf16}) {
            setCpuLevel(level);
            for (const bool bfloat16 : {false, true}) {
                std::vector<float> gram(size, 0.0F);
                const auto status = bfloat16 ? gramAdd(rounded.data(), rows, columns, gram.data())
                                             : gramAdd(x.data(), rows, columns, gram.data());
                QVERIFY(status == KernelStatus::ok);
                gramMirror(gram.data(), columns);
                QVERIFY(isNear(gram, expected, columns, kCpuTolerance));
            }
        }
    }
    void theGpuAgreesWithTheReference_data() {
        everyLevelAgreesWithTheReference_data();
        QTest::newRow("two strips and a tail") << qint64(65) << qint64(2085);
    }
    void theGpuAgreesWithTheReference() {
        QS_SKIP_WITHOUT_GPU(kCudaLevel);
        QFETCH(qint64, rows);
        QFETCH(qint64, columns);
        const auto x = inputs(rows, columns);
        std::vector<float> expected(static_cast<std::size_t>(columns * columns), 0.0F);
        gramReference(x.data(), rows, columns, expected.data());
        gramMirror(expected.data(), columns);
        Gpu gpu;
        for (const bool bfloat16 : {false, true}) {
            const auto gram = gramOnGpu(gpu, x, rows, columns, bfloat16);
            QVERIFY(gpu.isSound());
            QVERIFY(isNear(gram, expected, columns, kGpuTolerance));
            QVERIFY(gramOnGpu(gpu, x, rows, columns, bfloat16) == gram);
        }
    }
    void sumsGoOnWhereTheyStopped() {
        const auto x = inputs(256, 64);
        std::vector<float> once(64 * 64, 0.0F);
        std::vector<float> twice(64 * 64, 0.0F);
        QVERIFY(gramAdd(x.data(), 256, 64, once.data()) == KernelStatus::ok);
        QVERIFY(gramAdd(x.data(), 128, 64, twice.data()) == KernelStatus::ok);
        QVERIFY(gramAdd(x.data() + 128 * 64, 128, 64, twice.data()) == KernelStatus::ok);
        gramMirror(once.data(), 64);
        gramMirror(twice.data(), 64);
        QVERIFY(once == twice);
    }
};
QTEST_APPLESS_MAIN(GramTest)
#include "gram_test.moc"
