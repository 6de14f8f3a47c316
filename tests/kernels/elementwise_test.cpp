// If this fails, norms, rotations, activations or likelihoods are wrong on some processor, on a GPU, or for
// some width.
#include "kernels/convert_float/convert_float.h"
#include "kernels/exponential/exponential.h"
#include "tests/kernels/elementwise_on.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

namespace {
constexpr std::int64_t kWidths[] = {1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 576};
}

class ElementwiseTest : public QObject {
    Q_OBJECT
private slots:
    void exponentialIsWithinTwoUnits_data() { addLevelRows(); }
    void exponentialIsWithinTwoUnits();
    void rmsNormMeetsTheReference_data() { addDeviceRows(); }
    void rmsNormMeetsTheReference();
    void rotaryEmbeddingMeetsTheReference_data() { addDeviceRows(); }
    void rotaryEmbeddingMeetsTheReference();
    void siluMultiplyMeetsTheReference_data() { addDeviceRows(); }
    void siluMultiplyMeetsTheReference();
    void likelihoodFromChunksIsThatOfTheWholeRow_data() { addDeviceRows(); }
    void likelihoodFromChunksIsThatOfTheWholeRow();
};

void ElementwiseTest::exponentialIsWithinTwoUnits() {
    QFETCH(int, level);
    const LevelGuard guard(level);
    std::vector<float> x;
    for (float value = -87.3F; value <= 88.7F; value += 0.00137F) x.push_back(value);
    std::vector<float> y(x.size());
    std::vector<float> wanted(x.size());
    exponential(x.data(), static_cast<std::int64_t>(x.size()), y.data());
    exponentialReference(x.data(), static_cast<std::int64_t>(x.size()), wanted.data());
    double worst = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double unit = std::nextafter(wanted[i], INFINITY) - wanted[i];
        worst = std::max(worst, std::abs(static_cast<double>(y[i]) - std::exp(static_cast<double>(x[i]))) / unit);
    }
    QVERIFY2(worst <= 2.0, qPrintable(QString::number(worst)));
    const std::vector<float> special{-INFINITY, -200.0F, -88.0F, 0.0F, 89.0F, INFINITY, NAN};
    std::vector<float> out(special.size());
    exponential(special.data(), 7, out.data());
    QCOMPARE(std::vector<float>(out.begin(), out.begin() + 4), (std::vector<float>{0.0F, 0.0F, 0.0F, 1.0F}));
    QVERIFY(std::isinf(out[4]) && std::isinf(out[5]) && std::isnan(out[6]));
}

void ElementwiseTest::rmsNormMeetsTheReference() {
    QFETCH(int, level);
    QS_SKIP_WITHOUT_GPU(level);
    ElementwiseOn device(level);
    for (const auto width : kWidths) {
        const auto x = randomValues(11 * width, 2, 3.0F);
        const auto weight = randomValues(width, 3);
        std::vector<float> y(x.size());
        std::vector<float> wanted(x.size());
        device.rmsNorm(x, weight, 1e-5F, 11, y);
        rmsNormReference(x.data(), weight.data(), 1e-5F, 11, width, wanted.data());
        QVERIFY(worstDifference(y, wanted, 1e-6) < 1e-6);
        std::vector<std::uint16_t> bits(x.size());
        device.rmsNorm(x, weight, 1e-5F, 11, bits);
        for (std::size_t i = 0; i < bits.size(); ++i) QCOMPARE(bits[i], floatToBfloat16(y[i]));
    }
    QVERIFY(device.isSound());
}

void ElementwiseTest::rotaryEmbeddingMeetsTheReference() {
    QFETCH(int, level);
    QS_SKIP_WITHOUT_GPU(level);
    ElementwiseOn device(level);
    for (const std::int64_t half : {1, 3, 8, 16, 20, 32, 64}) {
        std::vector<float> frequencies;
        for (std::int64_t p = 0; p < half; ++p)
            frequencies.push_back(std::pow(1e4F, -static_cast<float>(p) / static_cast<float>(half)));
        const auto table = rotaryTable(frequencies, 5, 4);
        QCOMPARE(table.cosine[static_cast<std::size_t>(half)], std::cos(6.0F * frequencies[0]));
        const auto x = randomValues(10 * 3 * 2 * half, 4);
        std::vector<float> y(x.size());
        std::vector<float> wanted(x.size());
        const auto stride = 3 * 2 * half;
        device.rotaryEmbedding(x, stride, 10, 3, table, y, 2);
        rotaryEmbeddingReference(x.data(), stride, 10, 3, table, wanted.data(), stride, 2);
        QCOMPARE(y, wanted);
        std::vector<std::uint16_t> bits(x.size());
        device.rotaryEmbedding(x, stride, 10, 3, table, bits, 2);
        for (std::size_t i = 0; i < bits.size(); ++i) QCOMPARE(bits[i], floatToBfloat16(y[i]));
    }
    QVERIFY(device.isSound());
}

void ElementwiseTest::siluMultiplyMeetsTheReference() {
    QFETCH(int, level);
    QS_SKIP_WITHOUT_GPU(level);
    ElementwiseOn device(level);
    for (const auto width : kWidths) {
        auto gate = randomValues(width * 20, 5, 4.0F);
        gate[0] = -200.0F;
        const auto up = randomValues(width * 20, 6);
        std::vector<float> y(gate.size());
        std::vector<float> wanted(gate.size());
        device.siluMultiply(gate, up, y);
        siluMultiplyReference(gate.data(), up.data(), width * 20, wanted.data());
        QVERIFY(worstDifference(y, wanted, 1e-6) < 1e-6);
        std::vector<std::uint16_t> bits(gate.size());
        device.siluMultiply(gate, up, bits);
        for (std::size_t i = 0; i < bits.size(); ++i) QCOMPARE(bits[i], floatToBfloat16(y[i]));
    }
    QVERIFY(device.isSound());
}

void ElementwiseTest::likelihoodFromChunksIsThatOfTheWholeRow() {
    QFETCH(int, level);
    QS_SKIP_WITHOUT_GPU(level);
    ElementwiseOn device(level);
    const std::int64_t tokens = 7;
    const std::int64_t vocabulary = 331;
    const auto logits = randomValues(tokens * vocabulary, 7, 8.0F);
    const std::vector<std::int32_t> targets{0, 330, 64, 63, 65, 200, -1};
    std::vector<RunningSoftmax> running(tokens, emptySoftmax());
    std::vector<RunningSoftmax> wanted(tokens, emptySoftmax());
    updateSoftmaxReference(logits.data(), tokens, vocabulary, 0, targets.data(), wanted.data());
    for (const auto& [first, count] : {std::pair{0, 64}, {64, 1}, {65, 200}, {265, 66}}) {
        std::vector<float> chunk;
        for (std::int64_t t = 0; t < tokens; ++t)
            chunk.insert(chunk.end(), logits.begin() + t * vocabulary + first,
                         logits.begin() + t * vocabulary + first + count);
        device.updateSoftmax(chunk, count, first, targets, running);
    }
    for (std::size_t t = 0; t < 7; ++t) QVERIFY(std::abs(tokenNll(running[t]) - tokenNll(wanted[t])) < 2e-6);
    QVERIFY(device.isSound());
}

QTEST_APPLESS_MAIN(ElementwiseTest)
#include "elementwise_test.moc"
