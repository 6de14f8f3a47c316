// If this fails, every linear of every model is computed wrongly on some processor or for some shape.
#include "kernels/matmul/matmul.h"

#include <omp.h>

#include "kernels/convert_float/convert_float.h"
#include "kernels/matmul/panel_product.h"
#include "tests/kernels/cuda_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

namespace {

struct Shape {
    std::int64_t tokens, rows, columns;
};
// Around the tile of 6 rows, the panel of 64 outputs, the chunk of 1024 columns, pairs of columns, the shares of
// threads.
constexpr Shape kShapes[] = {{1, 1, 1},     {0, 5, 3},     {2, 63, 7},     {5, 64, 16},   {6, 65, 17},   {7, 128, 144},
                             {13, 130, 31}, {100, 70, 66}, {1, 200, 1025}, {4, 20, 1030}, {5, 67, 2049}, {200, 33, 40}};

}  // namespace

class MatmulTest : public QObject {
    Q_OBJECT
private slots:
    void cleanup() { choosePairs(PairsChoice::detect); }
    void everyLevelMeetsTheReference_data() { addLevelRows(); }
    void everyLevelMeetsTheReference();
    void bfloat16InstructionsMeetTheReference();
    void oneTokenAtATimeGivesTheSameBytes_data() { addLevelRows(); }
    void oneTokenAtATimeGivesTheSameBytes();
    void aRaisedStopTokenIsSeen();
    void stridedProductsMeetTheReference();
    void theGpuMeetsTheReference();

private:
    static void compareAll(double tolerance);
};

void MatmulTest::compareAll(double tolerance) {
    for (const auto& [tokens, rows, columns] : kShapes) {
        const auto x = randomValues(tokens * columns, 1);
        const auto w = randomValues(rows * columns, 2, 1.0F / std::sqrt(static_cast<float>(columns)));
        for (const auto operand : {MatmulOperand::float32, MatmulOperand::bfloat16}) {
            PackedMatrix packed;
            QCOMPARE(PackedMatrix::pack(w.data(), rows, columns, operand, packed), KernelStatus::ok);
            std::vector<float> wanted(static_cast<std::size_t>(tokens * rows));
            matmulReference(x.data(), tokens, w.data(), rows, columns, operand, wanted.data());
            std::vector<float> y(wanted.size(), 7.0F);
            QCOMPARE(matmul(x.data(), tokens, packed, y.data()), KernelStatus::ok);
            QVERIFY(worstDifference(y, wanted, 1e-5) < tolerance);
            QCOMPARE(matmul(x.data(), tokens, packed, y.data(), MatmulOutput::add), KernelStatus::ok);
            for (auto& value : wanted) value *= 2.0F;
            QVERIFY(worstDifference(y, wanted, 1e-5) < 2 * tolerance);
            if (operand == MatmulOperand::bfloat16) {
                std::vector<float> from_bits(y.size());
                matmul(x.data(), tokens, packed, y.data());
                matmul(bfloat16Bits(x).data(), tokens, packed, from_bits.data());
                QCOMPARE(from_bits, y);
            }
        }
    }
}

void MatmulTest::everyLevelMeetsTheReference() {
    QFETCH(int, level);
    const LevelGuard guard(level);
    choosePairs(PairsChoice::never);
    compareAll(1e-5);
}

void MatmulTest::bfloat16InstructionsMeetTheReference() {
    choosePairs(PairsChoice::always);
    if (!usesBfloat16Pairs()) QSKIP("this processor has no AVX512-BF16");
    compareAll(1e-5);
}

void MatmulTest::oneTokenAtATimeGivesTheSameBytes() {
    QFETCH(int, level);
    const LevelGuard guard(level);
    const std::int64_t tokens = 101, rows = 130, columns = 1056;
    const auto x = randomValues(tokens * columns, 3);
    const auto w = randomValues(rows * columns, 4);
    for (const auto operand : {MatmulOperand::float32, MatmulOperand::bfloat16}) {
        PackedMatrix packed;
        PackedMatrix::pack(w.data(), rows, columns, operand, packed);
        std::vector<float> together(static_cast<std::size_t>(tokens * rows));
        matmul(x.data(), tokens, packed, together.data());
        std::vector<float> single(together.size());
        const int threads = omp_get_max_threads();
        omp_set_num_threads(threads == 1 ? 2 : 1);
        for (std::int64_t t = 0; t < tokens; ++t) matmul(x.data() + t * columns, 1, packed, single.data() + t * rows);
        omp_set_num_threads(threads);
        QCOMPARE(single, together);
    }
}

void MatmulTest::aRaisedStopTokenIsSeen() {
    std::stop_source source;
    source.request_stop();
    const auto w = randomValues(64, 5);
    PackedMatrix packed;
    PackedMatrix::pack(w.data(), 8, 8, MatmulOperand::float32, packed);
    std::vector<float> y(64);
    QCOMPARE(matmul(w.data(), 8, packed, y.data(), MatmulOutput::store, source.get_token()), KernelStatus::cancelled);
}

void MatmulTest::stridedProductsMeetTheReference() {
    const std::int64_t tokens = 37, columns = 21;
    const auto x = randomValues(tokens * columns, 6);
    std::vector<float> transposed(x.size());
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::int64_t c = 0; c < columns; ++c)
            transposed[static_cast<std::size_t>(c * tokens + t)] = x[static_cast<std::size_t>(t * columns + c)];
    std::vector<float> wanted(static_cast<std::size_t>(columns * columns));
    matmulReference(transposed.data(), columns, transposed.data(), columns, tokens, MatmulOperand::float32,
                    wanted.data());
    std::vector<float> gram(wanted.size());
    const StridedOperand left{x.data(), 1, columns};
    const StridedOperand right{x.data(), columns, 1};
    QCOMPARE(matmulStrided(left, right, columns, columns, tokens, gram.data(), columns), KernelStatus::ok);
    QVERIFY(worstDifference(gram, wanted, 1e-5) < 1e-5);
    QCOMPARE(matmulStrided(left, right, columns, columns, tokens, gram.data(), columns, MatmulOutput::add),
             KernelStatus::ok);
    for (auto& value : wanted) value *= 2.0F;
    QVERIFY(worstDifference(gram, wanted, 1e-5) < 2e-5);
}

void MatmulTest::theGpuMeetsTheReference() {
    QS_SKIP_WITHOUT_GPU(kCudaLevel);
    constexpr double kTolerance = 4e-5;  // tensor cores cut a sum off where processors round it
    Gpu gpu;
    const auto multiply = Gpu::functions().matmulBfloat16;
    for (const auto& [tokens, rows, columns] : kShapes) {
        const auto x = randomValues(tokens * columns, 1);
        const auto w = randomValues(rows * columns, 2, 1.0F / std::sqrt(static_cast<float>(columns)));
        std::vector<float> wanted(static_cast<std::size_t>(tokens * rows));
        matmulReference(x.data(), tokens, w.data(), rows, columns, MatmulOperand::bfloat16, wanted.data());
        const std::uint16_t* const inputs = gpu.upload(bfloat16Bits(x));
        const std::uint16_t* const weights = gpu.upload(bfloat16Bits(w));
        float* const y = gpu.upload(std::vector<float>(wanted.size(), 7.0F));
        gpu.check(multiply(gpu.context(), inputs, tokens, weights, rows, columns, y, MatmulOutput::store));
        const auto once = gpu.download(y, wanted.size());
        QVERIFY(worstDifference(once, wanted, 1e-5) < kTolerance);
        gpu.check(multiply(gpu.context(), inputs, tokens, weights, rows, columns, y, MatmulOutput::add));
        for (auto& value : wanted) value *= 2.0F;
        QVERIFY(worstDifference(gpu.download(y, wanted.size()), wanted, 1e-5) < 2 * kTolerance);
        gpu.check(multiply(gpu.context(), inputs, tokens, weights, rows, columns, y, MatmulOutput::store));
        QCOMPARE(gpu.download(y, wanted.size()), once);
        QVERIFY(gpu.isSound());
    }
}

QTEST_APPLESS_MAIN(MatmulTest)
#include "matmul_test.moc"
