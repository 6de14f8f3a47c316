// If this fails, GPTQ weighs the errors it pushes on by wrong numbers.
#include "kernels/cholesky/cholesky.h"

#include "tests/kernels/cuda_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

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

enum class Precision { float32, float64 };

KernelStatus factorizeOnGpu(std::vector<float>& h, std::int64_t n, Precision precision) {
    Gpu gpu;
    const auto& cuda = Gpu::functions();
    float* const matrix = gpu.upload(h);
    std::int32_t* const refused = gpu.upload(std::vector<std::int32_t>{7});
    if (precision == Precision::float32)
        gpu.check(cuda.inverseFactor(gpu.context(), matrix, n, refused));
    else
        gpu.check(cuda.inverseFactorFloat64(gpu.context(), matrix, n, gpu.upload(std::vector<double>(h.size(), 7.0)),
                                            refused));
    h = gpu.download(matrix, h.size());
    const auto answer = gpu.download(refused, 1).front();
    if (!gpu.isSound()) return KernelStatus::failed;
    return answer == 0 ? KernelStatus::ok : KernelStatus::not_positive_definite;
}

/// On the CPU, or on the GPU for kCudaLevel.
KernelStatus factorize(int level, std::vector<float>& h, std::int64_t n, Precision precision) {
    if (level == kCudaLevel) return factorizeOnGpu(h, n, precision);
    return precision == Precision::float32 ? inverseFactor(h.data(), n) : inverseFactorFloat64(h.data(), n);
}

void addDevices() {
    QTest::addColumn<int>("level");
    QTest::newRow("cpu") << 0;
    QTest::newRow("cuda") << kCudaLevel;
}

}  // namespace

class CholeskyTest : public QObject {
    Q_OBJECT
private slots:
    void theGpuOrdersAndDampsMoments() {
        QS_SKIP_WITHOUT_GPU(kCudaLevel);
        for (const std::int64_t n : {1, 2, 255, 257, 1000}) {
            const auto gram = matrix(n);
            std::vector<float> diagonal(static_cast<std::size_t>(n));
            std::vector<std::int32_t> order(static_cast<std::size_t>(n));
            for (std::int64_t i = 0; i < n; ++i) {
                diagonal[static_cast<std::size_t>(i)] = 2.0F + static_cast<float>(i);
                order[static_cast<std::size_t>(i)] = static_cast<std::int32_t>(n - 1 - i);
            }
            Gpu gpu;
            float* const to = gpu.upload(std::vector<float>(gram.size(), -1.0F));
            gpu.check(Gpu::functions().dampedMoments(gpu.context(), gpu.upload(gram), n, 0.25F, gpu.upload(diagonal),
                                                     0.5F, gpu.upload(order), to));
            const auto found = gpu.download(to, gram.size());
            QVERIFY(gpu.isSound());
            for (std::int64_t i = 0; i < n; ++i)
                for (std::int64_t j = 0; j < n; ++j) {
                    const auto a = static_cast<std::size_t>(n - 1 - i);
                    const auto b = static_cast<std::size_t>(n - 1 - j);
                    QCOMPARE(found[static_cast<std::size_t>(i * n + j)],
                             i == j ? diagonal[a] + 0.5F : 0.25F * gram[a * static_cast<std::size_t>(n) + b]);
                }
        }
    }
    void bothPrecisionsAgreeWithTheReference_data() { addDevices(); }
    void bothPrecisionsAgreeWithTheReference() {
        QFETCH(int, level);
        QS_SKIP_WITHOUT_GPU(level);
        for (const std::int64_t n : {1, 2, 7, 63, 64, 65, 127, 128, 129, 300}) {
            const auto h = matrix(n);
            std::vector<float> expected(h.size());
            QVERIFY(inverseFactorReference(h.data(), n, expected.data()) == KernelStatus::ok);
            auto narrow = h;
            auto wide = h;
            QVERIFY(factorize(level, narrow, n, Precision::float32) == KernelStatus::ok);
            QVERIFY(factorize(level, wide, n, Precision::float64) == KernelStatus::ok);
            QVERIFY(worstDifference(narrow, expected) < 2e-5);
            QVERIFY(worstDifference(wide, expected) < 1e-6);
        }
    }
    void blocksOfTheGpuFitTogether() {
        QS_SKIP_WITHOUT_GPU(kCudaLevel);
        constexpr std::int64_t kSize = 2100;  // more than two of the blocks that the GPU factorizes at once, and a tail
        const auto h = matrix(kSize);
        auto expected = h;
        auto narrow = h;
        auto wide = h;
        QVERIFY(inverseFactorFloat64(expected.data(), kSize) == KernelStatus::ok);
        QVERIFY(factorizeOnGpu(narrow, kSize, Precision::float32) == KernelStatus::ok);
        QVERIFY(factorizeOnGpu(wide, kSize, Precision::float64) == KernelStatus::ok);
        QVERIFY(worstDifference(narrow, expected) < 2e-5);
        QVERIFY(worstDifference(wide, expected) < 1e-6);
        auto again = h;
        QVERIFY(factorizeOnGpu(again, kSize, Precision::float32) == KernelStatus::ok);
        QVERIFY(again == narrow);
    }
    void aSingularMatrixIsRefused_data() { addDevices(); }
    void aSingularMatrixIsRefused() {
        QFETCH(int, level);
        QS_SKIP_WITHOUT_GPU(level);
        for (const auto precision : {Precision::float32, Precision::float64}) {
            std::vector<float> ones(64, 1.0F);
            QVERIFY(factorize(level, ones, 8, precision) == KernelStatus::not_positive_definite);
            std::vector<float> negative{1.0F, 2.0F, 2.0F, 1.0F};
            QVERIFY(factorize(level, negative, 2, precision) == KernelStatus::not_positive_definite);
            std::vector<float> not_a_number{1.0F, NAN, NAN, 1.0F};
            QVERIFY(factorize(level, not_a_number, 2, precision) == KernelStatus::not_positive_definite);
        }
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
