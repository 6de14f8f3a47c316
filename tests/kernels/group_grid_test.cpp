// If this fails, codes depend on the processor they were made on, or differ from the original programs'.
#include "kernels/group_grid/group_grid.h"

#include <cstring>

#include "tests/kernels/cuda_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

namespace {

float number(std::int64_t i, std::int64_t j, std::int64_t a, double factor = 1.0) {
    return static_cast<float>((static_cast<double>((7919 * i + 104729 * j + 1299709 * a) % 2003) / 2003.0 - 0.5) *
                              factor);
}

struct Rounded {
    std::vector<float> scales;
    std::vector<float> zeros;
    std::vector<std::uint8_t> codes;
    std::vector<float> values;
    std::vector<float> errors;
};

/// Everything the kernels make of the weights, on a level of the CPU or on the GPU for kCudaLevel.
class RoundedOn {
public:
    RoundedOn(const std::vector<float>& weights, const GroupedMatrix& shape, const GridOptions& options)
        : weights_(weights), shape_(shape), options_(options) {
        for (std::int64_t j = 0; j < shape.columns; ++j) input_scale_.push_back(0.75F + number(j, 1, 4));
        const auto groups = static_cast<std::size_t>(shape.rows * shape.groupCount());
        result_.scales.resize(groups);
        result_.zeros.resize(groups);
        result_.codes.resize(weights.size());
        result_.values.resize(weights.size());
        result_.errors.resize(weights.size());
    }
    Rounded level(int level) {
        if (level == kCudaLevel)
            onGpu();
        else
            onCpu(level);
        return result_;
    }

private:
    void onCpu(int level) {
        const LevelGuard guard(level);
        findGrids(weights_.data(), shape_, options_, result_.scales.data(), result_.zeros.data());
        encodeGroups(weights_.data(), shape_, result_.scales.data(), result_.zeros.data(), options_.bits,
                     result_.codes.data());
        roundToGrids(weights_.data(), shape_, options_, result_.values.data());
        scaledRoundingError(weights_.data(), shape_, options_, input_scale_.data(), result_.errors.data());
    }
    void onGpu() {
        Gpu gpu;
        const auto& cuda = Gpu::functions();
        float* const weights = gpu.upload(weights_);
        float* const scales = gpu.upload(result_.scales);
        float* const zeros = gpu.upload(result_.zeros);
        std::uint8_t* const codes = gpu.upload(result_.codes);
        float* const errors = gpu.upload(result_.errors);
        gpu.check(cuda.findGrids(gpu.context(), weights, &shape_, &options_, scales, zeros));
        gpu.check(cuda.encodeGroups(gpu.context(), weights, &shape_, scales, zeros, options_.bits, codes));
        gpu.check(
            cuda.scaledRoundingError(gpu.context(), weights, &shape_, &options_, gpu.upload(input_scale_), errors));
        gpu.check(cuda.roundToGrids(gpu.context(), weights, &shape_, &options_, weights));  // in place
        result_.scales = gpu.download(scales, result_.scales.size());
        result_.zeros = gpu.download(zeros, result_.zeros.size());
        result_.codes = gpu.download(codes, result_.codes.size());
        result_.values = gpu.download(weights, result_.values.size());
        result_.errors = gpu.download(errors, result_.errors.size());
        if (!gpu.isSound()) result_ = {};
    }

    std::vector<float> weights_;
    GroupedMatrix shape_;
    GridOptions options_;
    std::vector<float> input_scale_;
    Rounded result_;
};

bool sameBytes(const std::vector<float>& a, const std::vector<float>& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

std::vector<float> referenceWeights() {
    std::vector<float> weights;
    for (std::int64_t i = 0; i < 3; ++i)
        for (std::int64_t j = 0; j < 8; ++j) weights.push_back(number(i, j, 1));
    return weights;
}

}  // namespace

class GroupGridTest : public QObject {
    Q_OBJECT
private slots:
    void knownAnswers_data() {
        const RowsOnDevices rows;
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("symmetric");
        QTest::addColumn<bool>("search");
        QTest::addColumn<QVector<float>>("scales");
        QTest::addColumn<QVector<int>>("codes");
        rows.add("4", 4, false, false, QVector<float>{0.05721418F, 0.05721418F, 0.05721418F},
                 QVector<int>{15, 2, 7, 12, 0, 5, 10, 15, 13, 0, 5, 10, 15, 3, 8, 13, 12, 0, 5, 10, 15, 2, 7, 12});
        rows.add("4 sym", 4, true, false, QVector<float>{0.06327176F, 0.06387086F, 0.05768014F},
                 QVector<int>{14, 3, 7, 12, 0, 5, 10, 14, 13, 2, 7, 11, 15, 4, 9, 13, 13, 1, 6, 11, 15, 3, 8, 13});
        rows.add("3", 3, false, false, QVector<float>{0.12260181F, 0.12260181F, 0.12260181F},
                 QVector<int>{7, 1, 4, 6, 0, 2, 5, 7, 6, 0, 2, 5, 7, 1, 3, 6, 5, 0, 2, 4, 7, 1, 3, 5});
        rows.add("4 mse", 4, false, true, QVector<float>{0.05664204F, 0.05721418F, 0.05721418F},
                 QVector<int>{15, 2, 7, 12, 0, 5, 10, 15, 13, 0, 5, 10, 15, 3, 8, 13, 12, 0, 5, 10, 15, 2, 7, 12});
        rows.add("2 sym mse", 2, true, true, QVector<float>{0.27839574F, 0.31935430F, 0.24514063F},
                 QVector<int>{3, 1, 2, 3, 0, 1, 2, 3, 3, 1, 2, 3, 3, 1, 2, 3, 3, 0, 1, 3, 3, 1, 2, 3});
    }
    void knownAnswers() {
        QFETCH(int, level);
        QFETCH(int, bits);
        QFETCH(bool, symmetric);
        QFETCH(bool, search);
        QFETCH(QVector<float>, scales);
        QFETCH(QVector<int>, codes);
        QS_SKIP_WITHOUT_GPU(level);
        GridOptions options;
        options.bits = bits;
        options.symmetric = symmetric;
        options.search_range = search;
        const auto result = RoundedOn(referenceWeights(), {3, 8, 8, 8}, options).level(level);
        QCOMPARE(result.codes.size(), std::size_t{24});
        for (int i = 0; i < 3; ++i)
            QVERIFY(std::fabs(result.scales[static_cast<std::size_t>(i)] / scales[i] - 1.0F) < 2e-7F);
        for (int i = 0; i < 24; ++i) QCOMPARE(static_cast<int>(result.codes[static_cast<std::size_t>(i)]), codes[i]);
    }
    void tiesGoToEven() {
        const float weights[] = {0.5F, 1.5F, 2.5F, 3.5F};
        std::uint8_t codes[4];
        reference::encode(weights, 4, {1.0F, 0.0F}, 4, codes);
        QCOMPARE(static_cast<int>(codes[0]), 0);
        QCOMPARE(static_cast<int>(codes[1]), 2);
        QCOMPARE(static_cast<int>(codes[2]), 2);
        QCOMPARE(static_cast<int>(codes[3]), 4);
    }
    void everyDeviceGivesTheSameBytes_data() {
        const RowsOnDevices devices;
        QTest::addColumn<qint64>("rows");
        QTest::addColumn<qint64>("columns");
        QTest::addColumn<qint64>("group");
        devices.add("one", qint64(1), qint64(1), qint64(1));
        devices.add("short last group", qint64(5), qint64(101), qint64(32));
        devices.add("tails", qint64(3), qint64(77), qint64(77));
        devices.add("narrow groups", qint64(4), qint64(64), qint64(8));
    }
    void everyDeviceGivesTheSameBytes() {
        QFETCH(int, level);
        QFETCH(qint64, rows);
        QFETCH(qint64, columns);
        QFETCH(qint64, group);
        QS_SKIP_WITHOUT_GPU(level);
        std::vector<float> weights;
        for (std::int64_t i = 0; i < rows * columns; ++i)
            weights.push_back(number(i, i / 3, 8, i % 7 == 0 ? 1e-6 : 0.3));
        for (const auto range : {GridRange::with_zero, GridRange::as_is}) {
            for (const int variant : {0, 1, 2, 3}) {
                GridOptions options;
                options.bits = 2 + variant * 2;
                options.range = range;
                options.symmetric = variant == 1;
                options.float16_scales = variant == 2;
                RoundedOn kernels(weights, {rows, columns, group, columns}, options);
                const auto definition = kernels.level(static_cast<int>(CpuLevel::baseline));
                const auto fast = kernels.level(level);
                QVERIFY(sameBytes(fast.scales, definition.scales));
                QVERIFY(sameBytes(fast.zeros, definition.zeros));
                QVERIFY(fast.codes == definition.codes);
                QVERIFY(sameBytes(fast.values, definition.values));
                QVERIFY(sameBytes(fast.errors, definition.errors));
            }
        }
    }
    void awkwardGroupsHaveUsableGrids() {
        for (const float value : {0.0F, 1e-44F, 1e-30F, -0.25F, 0.25F}) {
            for (const auto range : {GridRange::with_zero, GridRange::as_is}) {
                for (const bool half : {false, true}) {
                    GridOptions options;
                    options.range = range;
                    options.float16_scales = half;
                    const auto grid = gridOfRange(value, value, options);
                    QVERIFY(std::isfinite(grid.scale) && grid.scale > 0.0F);
                    QVERIFY(grid.zero_point >= 0.0F && grid.zero_point <= 15.0F);
                }
            }
        }
    }
    void aStopIsSeen() {
        std::stop_source stop;
        stop.request_stop();
        std::vector<float> weights(64, 1.0F);
        float scales[8];
        float zeros[8];
        QVERIFY(findGrids(weights.data(), {8, 8, 8, 8}, {}, scales, zeros, stop.get_token()) ==
                KernelStatus::cancelled);
    }
};
QTEST_APPLESS_MAIN(GroupGridTest)
#include "group_grid_test.moc"
