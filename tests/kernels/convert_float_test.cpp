// If this fails, weights are read, rounded or written with wrong values: every score and every export is off.
#include "kernels/convert_float/convert_float.h"

#include <QTest>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "kernels/base/cpu_features.h"
#include "tests/kernels/cuda_test_tools.h"

using namespace quantoscope;

namespace {

constexpr std::size_t kSizes[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 1001, 2 * 65536 + 7};

std::vector<kernels::CpuLevel> levels() {
    std::vector<kernels::CpuLevel> found;
    for (int level = 0; level <= static_cast<int>(kernels::detectedCpuLevel()); ++level)
        found.push_back(static_cast<kernels::CpuLevel>(level));
    return found;
}

/// Bit patterns of every kind: normal, subnormal, tie, NaN, infinity.
std::vector<float> awkwardFloats(std::size_t count) {
    std::mt19937 random(7);
    std::vector<float> values(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t bits = random();
        if (i % 5 == 1) bits = (bits & 0x80ffe000U) | 0x38001000U;  // ties of half, near its smallest normal number
        if (i % 5 == 2) bits = (bits & 0xffff0000U) | 0x8000U;      // ties of bfloat16
        if (i % 5 == 3) bits = (bits & 0x807fffffU) | (0x32000000U + ((bits >> 8) & 0x7000000U));
        if (i % 31 == 0) bits |= 0x7f800000U;
        values[i] = std::bit_cast<float>(bits);
    }
    return values;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
    return a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

class ConvertFloatTest : public QObject {
    Q_OBJECT
private slots:
    void cleanup() { kernels::setCpuLevel(kernels::detectedCpuLevel()); }

    void handWorkedValues() {
        QCOMPARE(kernels::floatToBfloat16(1.0F), std::uint16_t{0x3f80});
        QCOMPARE(kernels::floatToBfloat16(std::bit_cast<float>(0x3f808000U)), std::uint16_t{0x3f80});  // tie to even
        QCOMPARE(kernels::floatToBfloat16(std::bit_cast<float>(0x3f818000U)), std::uint16_t{0x3f82});
        QCOMPARE(kernels::floatToBfloat16(std::numeric_limits<float>::max()), std::uint16_t{0x7f80});
        QCOMPARE(kernels::floatToHalf(2049.0F), kernels::floatToHalf(2048.0F));  // ties to even
        QCOMPARE(kernels::floatToHalf(2051.0F), kernels::floatToHalf(2052.0F));
        QCOMPARE(kernels::floatToHalf(65504.0F), std::uint16_t{0x7bff});
        QCOMPARE(kernels::floatToHalf(65519.99F), std::uint16_t{0x7bff});
        QCOMPARE(kernels::floatToHalf(65520.0F), std::uint16_t{0x7c00});
        QCOMPARE(kernels::floatToHalf(0x1p-24F), std::uint16_t{1});
        QCOMPARE(kernels::floatToHalf(0x1p-25F), std::uint16_t{0});
        QCOMPARE(kernels::floatToHalf(-0x1.8p-25F), std::uint16_t{0x8001});
        QCOMPARE(kernels::floatToHalf(0x1.ffep-15F + 0x1p-26F), std::uint16_t{0x0400});
        QCOMPARE(kernels::halfToFloat(std::uint16_t{0x0001}), 0x1p-24F);
        QCOMPARE(kernels::halfToFloat(std::uint16_t{0xc000}), -2.0F);
        QVERIFY(std::isinf(kernels::halfToFloat(std::uint16_t{0x7c00})));
        QVERIFY(std::signbit(kernels::halfToFloat(std::uint16_t{0x8000})));
    }

    void every16BitPatternSurvivesTheRoundTrip() {
        for (std::uint32_t bits = 0; bits < 0x10000U; ++bits) {
            const auto half = static_cast<std::uint16_t>(bits);
            const bool half_nan = (bits & 0x7fffU) > 0x7c00U;
            const bool brain_nan = (bits & 0x7fffU) > 0x7f80U;
            QCOMPARE(kernels::floatToHalf(kernels::halfToFloat(half)),
                     static_cast<std::uint16_t>(half_nan ? bits | 0x200U : bits));
            QCOMPARE(kernels::floatToBfloat16(kernels::bfloat16ToFloat(half)),
                     static_cast<std::uint16_t>(brain_nan ? bits | 0x40U : bits));
        }
    }

    void everyVersionGivesTheSameBits() {
        for (const auto level : levels()) {
            kernels::setCpuLevel(level);
            for (const std::size_t count : kSizes) wideningAgrees(count);
            for (const std::size_t count : kSizes) narrowingAgrees(count);
        }
    }

    void theGpuGivesTheSameBits() {
        const auto reason = test::whyNoGpu();
        if (!reason.isEmpty()) QSKIP(qPrintable(reason));
        std::mt19937 random(11);
        std::vector<float> values(100003);
        for (auto& value : values) value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
        std::vector<std::uint16_t> wanted(values.size());
        kernels::reference::floatToBfloat16(values.data(), wanted.data(), values.size());
        test::Gpu gpu;
        auto* const bits = gpu.upload(std::vector<std::uint16_t>(values.size(), 7));
        gpu.check(test::Gpu::functions().floatToBfloat16(gpu.context(), gpu.upload(values),
                                                         static_cast<std::int64_t>(values.size()), bits));
        QCOMPARE(gpu.download(bits, values.size()), wanted);
        QVERIFY(gpu.isSound());
    }
    void nonFiniteValuesAreCounted() {
        const std::vector<float> values{1.0F, std::nanf(""), -std::numeric_limits<float>::infinity(), 0.0F,
                                        std::numeric_limits<float>::max()};
        QCOMPARE(kernels::countNonFinite(values.data(), values.size()), std::size_t{2});
    }

private:
    static void wideningAgrees(std::size_t count) {
        std::vector<char> bytes(2 * count + 1);  // read from an odd address on purpose
        std::mt19937 random(3);
        for (auto& byte : bytes) byte = static_cast<char>(random());
        std::vector<float> expected(count), values(count);
        kernels::reference::bfloat16ToFloat(bytes.data() + 1, expected.data(), count);
        kernels::bfloat16ToFloat(bytes.data() + 1, values.data(), count);
        QVERIFY(sameBits(expected, values));
        kernels::reference::halfToFloat(bytes.data() + 1, expected.data(), count);
        kernels::halfToFloat(bytes.data() + 1, values.data(), count);
        QVERIFY(sameBits(expected, values));
    }
    static void narrowingAgrees(std::size_t count) {
        const auto values = awkwardFloats(count);
        std::vector<std::uint16_t> expected(count + 1, 99), found(count + 1, 99);  // one more: nothing is written there
        kernels::reference::floatToBfloat16(values.data(), expected.data(), count);
        kernels::floatToBfloat16(values.data(), found.data(), count);
        QVERIFY(expected == found);
        kernels::reference::floatToHalf(values.data(), expected.data(), count);
        kernels::floatToHalf(values.data(), found.data(), count);
        QVERIFY(expected == found);
        auto rounded = values;
        auto rounded_expected = values;
        kernels::reference::roundToBfloat16(rounded_expected.data(), count);
        kernels::roundToBfloat16(rounded.data(), count);
        QVERIFY(sameBits(rounded_expected, rounded));
    }
};
QTEST_APPLESS_MAIN(ConvertFloatTest)
#include "convert_float_test.moc"
