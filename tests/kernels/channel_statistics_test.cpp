// If this fails, the input channels that matter most are found wrongly: salience maps and AWQ's scales are off.
#include "kernels/channel_statistics/channel_statistics.h"

#include "kernels/convert_float/convert_float.h"
#include "tests/kernels/cuda_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

namespace {

struct Shape {
    std::int64_t rows, columns;
};
// Around the run of 64 rows that is summed in float32 and the 64 columns of a thread.
constexpr Shape kShapes[] = {{0, 5},   {1, 1},    {2, 3},     {7, 63},   {63, 64},  {64, 65},
                             {65, 17}, {129, 31}, {203, 131}, {40, 577}, {1000, 3}, {300, 129}};

struct Statistics {
    std::vector<double> sums;
    std::vector<float> maxima;

    explicit Statistics(std::int64_t columns)
        : sums(static_cast<std::size_t>(columns), 0.0), maxima(static_cast<std::size_t>(columns), 0.0F) {}
    template <typename Input>
    void add(const Input* x, std::int64_t rows) {
        channelStatistics(x, rows, static_cast<std::int64_t>(sums.size()), sums.data(), maxima.data());
    }
    void addReference(const float* x, std::int64_t rows) {
        channelStatisticsReference(x, rows, static_cast<std::int64_t>(sums.size()), sums.data(), maxima.data());
    }
    bool operator==(const Statistics&) const = default;
};

/// Values that bfloat16 holds, some channels a thousand times the others.
std::vector<float> inputs(const Shape& shape) {
    auto values = randomValues(shape.rows * shape.columns, 5);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] =
            roundToBfloat16(i % static_cast<std::size_t>(shape.columns) % 13 == 1 ? 1000.0F * values[i] : values[i]);
    return values;
}

}  // namespace

class ChannelStatisticsTest : public QObject {
    Q_OBJECT
private slots:
    void everyLevelMeetsTheReference_data() { addLevelRows(); }
    void everyLevelMeetsTheReference() {
        QFETCH(int, level);
        const LevelGuard guard(level);
        for (const auto& shape : kShapes) {
            const auto x = inputs(shape);
            Statistics wanted(shape.columns);
            wanted.addReference(x.data(), shape.rows);
            Statistics found(shape.columns);
            found.add(x.data(), shape.rows);
            QCOMPARE(found.maxima, wanted.maxima);
            for (std::size_t j = 0; j < found.sums.size(); ++j)
                QVERIFY(std::abs(found.sums[j] - wanted.sums[j]) <= 4e-6 * wanted.sums[j]);
            Statistics from_bits(shape.columns);
            from_bits.add(bfloat16Bits(x).data(), shape.rows);
            QVERIFY(from_bits == found);
        }
    }

    void theGpuMeetsTheReference() {
        QS_SKIP_WITHOUT_GPU(kCudaLevel);
        for (const auto& shape : kShapes) {
            const auto x = inputs(shape);
            Statistics wanted(shape.columns);
            wanted.addReference(x.data(), shape.rows);
            wanted.addReference(x.data(), shape.rows);
            Gpu gpu;
            const auto* const bits = gpu.upload(bfloat16Bits(x));
            const Statistics zero(shape.columns);
            auto* const sums = gpu.upload(zero.sums);
            auto* const maxima = gpu.upload(zero.maxima);
            for (int time = 0; time < 2; ++time)  // the second adds to the first
                gpu.check(
                    Gpu::functions().channelStatistics(gpu.context(), bits, shape.rows, shape.columns, sums, maxima));
            const auto found = gpu.download(sums, zero.sums.size());
            QCOMPARE(gpu.download(maxima, zero.maxima.size()), wanted.maxima);
            QVERIFY(gpu.isSound());
            for (std::size_t j = 0; j < found.size(); ++j)
                QVERIFY(std::abs(found[j] - wanted.sums[j]) <= 1e-12 * wanted.sums[j]);
        }
    }

    void partsAddToWhatIsThere() {
        const Shape shape{192, 131};
        const auto x = inputs(shape);
        Statistics once(shape.columns);
        once.add(x.data(), shape.rows);
        Statistics twice(shape.columns);
        twice.add(x.data(), 64);
        twice.add(x.data() + 64 * shape.columns, 128);
        QVERIFY(once == twice);
    }

    void signsAndSubnormalsCount() {
        const std::vector<float> x{-3.0F, 0.0F, -1e-40F, 2.0F, -0.0F, 1e-40F};  // two rows of three
        Statistics found(3);
        found.add(x.data(), 2);
        QCOMPARE(found.sums, (std::vector<double>{5.0, 0.0, 2.0 * static_cast<double>(1e-40F)}));
        QCOMPARE(found.maxima, (std::vector<float>{3.0F, 0.0F, 1e-40F}));
    }

    void infinitiesAreSeen() {
        const std::vector<float> x{1.0F, -INFINITY, 2.0F, 4.0F};
        Statistics found(2);
        found.add(bfloat16Bits(x).data(), 2);
        QVERIFY(std::isinf(found.maxima[1]) && std::isinf(found.sums[1]));
        QCOMPARE(found.sums[0], 3.0);
    }
};
QTEST_APPLESS_MAIN(ChannelStatisticsTest)
#include "channel_statistics_test.moc"
