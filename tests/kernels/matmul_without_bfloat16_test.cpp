// If this fails, bfloat16 runs crash or go wrong on machines whose oneDNN has no bfloat16 product (no AVX-512).
#include "kernels/matmul/matmul.h"
#include "tests/kernels/kernel_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

class MatmulWithoutBfloat16Test : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        qputenv("DNNL_MAX_CPU_ISA", "AVX2");  // before the library's first use
        setCpuLevel(CpuLevel::avx2);
        if (cpuLevel() != CpuLevel::avx2) QSKIP("this processor has no AVX2");
    }
    void packedProductsAreThoseOfRoundedValues() {
        QVERIFY(!hasBfloat16Product());
        const auto x = randomValues(40 * 96, 1);
        const auto w = randomValues(72 * 96, 2);
        PackedMatrix packed;
        QCOMPARE(PackedMatrix::pack(w.data(), 72, 96, MatmulOperand::bfloat16, packed), KernelStatus::ok);
        QVERIFY(packed.bytes() <= std::uint64_t{128} * 96 * 2);
        std::vector<float> y(40 * 72);
        std::vector<float> wanted(y.size());
        QCOMPARE(matmul(x.data(), 40, packed, y.data()), KernelStatus::ok);
        matmulReference(x.data(), 40, w.data(), 72, 96, MatmulOperand::bfloat16, wanted.data());
        QVERIFY(worstDifference(y, wanted, 1e-5) < 2e-5);
    }
    void plainBfloat16ProductsSayUnsupported() {
        const std::vector<std::uint16_t> bits(16);
        std::vector<float> y(16);
        const StridedBfloat16 operand{bits.data(), 4, 1};
        QCOMPARE(matmulStrided(operand, operand, 4, 4, 4, y.data(), 4), KernelStatus::unsupported);
    }
    void plainFloat32ProductsStillWork() {
        const auto a = randomValues(16, 3);
        std::vector<float> y(16);
        std::vector<float> wanted(16);
        const StridedOperand left{a.data(), 4, 1};
        const StridedOperand right{a.data(), 1, 4};
        QCOMPARE(matmulStrided(left, right, 4, 4, 4, y.data(), 4), KernelStatus::ok);
        matmulReference(a.data(), 4, a.data(), 4, 4, MatmulOperand::float32, wanted.data());
        QVERIFY(worstDifference(y, wanted) < 1e-5);
    }
};

QTEST_APPLESS_MAIN(MatmulWithoutBfloat16Test)
#include "matmul_without_bfloat16_test.moc"
