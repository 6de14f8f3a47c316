// If this fails, the output error of every linear (the heatmap people decide by) is wrong on some shape or processor.
#include "kernels/weighted_error/weighted_error.h"

#include <limits>

#include "tests/kernels/cuda_test_tools.h"

using namespace quantoscope::kernels;
using namespace quantoscope::test;

namespace {

struct Case {
    std::vector<float> error;
    std::vector<float> gram;
};

/// A real Gram matrix (of `columns` + 3 random tokens) and random errors.
Case makeCase(std::int64_t rows, std::int64_t columns) {
    std::mt19937 random(static_cast<unsigned>(rows * 1009 + columns));
    std::normal_distribution<float> normal;
    Case data;
    data.error.resize(static_cast<std::size_t>(rows * columns));
    for (auto& value : data.error) value = 0.01F * normal(random);
    const std::int64_t tokens = std::min<std::int64_t>(columns + 3, 64);
    std::vector<float> inputs(static_cast<std::size_t>(tokens * columns));
    for (auto& value : inputs) value = normal(random) + 0.5F;
    data.gram.resize(static_cast<std::size_t>(columns * columns));
    for (std::int64_t j = 0; j < columns; ++j)
        for (std::int64_t k = 0; k < columns; ++k) {
            double sum = 0.0;
            for (std::int64_t t = 0; t < tokens; ++t)
                sum += static_cast<double>(inputs[static_cast<std::size_t>(t * columns + j)]) *
                       inputs[static_cast<std::size_t>(t * columns + k)];
            data.gram[static_cast<std::size_t>(j * columns + k)] = static_cast<float>(sum);
        }
    return data;
}

/// sum |e_j| |G_jk| |e_k|: what rounding is measured against.
double magnitude(const Case& data, std::int64_t columns, std::int64_t row) {
    double sum = 0.0;
    const float* error = data.error.data() + row * columns;
    for (std::int64_t j = 0; j < columns; ++j)
        for (std::int64_t k = 0; k < columns; ++k)
            sum += std::fabs(static_cast<double>(error[j]) * error[k] *
                             data.gram[static_cast<std::size_t>(j * columns + k)]);
    return sum;
}

std::vector<double> energiesOnGpu(const Case& data, std::int64_t rows, std::int64_t columns) {
    Gpu gpu;
    double* const energy = gpu.upload(std::vector<double>(static_cast<std::size_t>(rows), -1.0));
    gpu.check(Gpu::functions().weightedError(gpu.context(), gpu.upload(data.error), rows, columns,
                                             gpu.upload(data.gram), energy));
    const auto found = gpu.download(energy, static_cast<std::size_t>(rows));
    return gpu.isSound() ? found : std::vector<double>();
}

/// On a level of the CPU, or on the GPU for kCudaLevel; empty when that fails.
std::vector<double> energies(int level, const Case& data, std::int64_t rows, std::int64_t columns) {
    if (level == kCudaLevel) return energiesOnGpu(data, rows, columns);
    const LevelGuard guard(level);
    std::vector<double> found(static_cast<std::size_t>(rows), -1.0);
    const auto status = weightedError(data.error.data(), rows, columns, data.gram.data(), found.data(), {});
    return status == KernelStatus::ok ? found : std::vector<double>();
}

/// Every row near the reference.
void compare(int level, std::int64_t rows, std::int64_t columns) {
    const Case data = makeCase(rows, columns);
    std::vector<double> expected(static_cast<std::size_t>(rows));
    weightedErrorReference(data.error.data(), rows, columns, data.gram.data(), expected.data());
    const auto found = energies(level, data, rows, columns);
    QCOMPARE(found.size(), expected.size());
    const double tolerance = level == kCudaLevel ? 1e-5 : 2e-6;  // the GPU sums over all columns in float32
    for (std::int64_t i = 0; i < rows; ++i) {
        const auto at = static_cast<std::size_t>(i);
        QVERIFY2(std::fabs(found[at] - expected[at]) <= tolerance * magnitude(data, columns, i),
                 qPrintable(QString("%1 x %2, row %3").arg(rows).arg(columns).arg(i)));
    }
}

}  // namespace

class WeightedErrorTest : public QObject {
    Q_OBJECT
private slots:
    void theReferenceIsTheHandWorkedSum() {
        // e = (1, 2), G = ((3, 5), (5, 7)): 3 + 2 * 2 * 5 + 4 * 7 = 51; e = (-1, 1): 3 - 10 + 7 = 0.
        const float error[] = {1, 2, -1, 1};
        const float gram[] = {3, 5, 5, 7};
        double energy[2];
        weightedErrorReference(error, 2, 2, gram, energy);
        QCOMPARE(energy[0], 51.0);
        QCOMPARE(energy[1], 0.0);
    }
    void everyDeviceAgreesWithTheReference_data() { addDeviceRows(); }
    void everyDeviceAgreesWithTheReference() {
        QFETCH(const int, level);
        QS_SKIP_WITHOUT_GPU(level);
        for (const std::int64_t rows : {0, 1, 2, 7, 8, 9, 23, 24, 25, 47, 48, 49, 97})
            for (const std::int64_t columns : {1, 2, 3, 7, 8, 9, 15, 127, 128, 129, 137, 263})
                compare(level, rows, columns);
    }
    void stripsOfTheGpuFitTogether() {
        QS_SKIP_WITHOUT_GPU(kCudaLevel);
        compare(kCudaLevel, 3, 2100);  // two strips of 1024 columns and a tail
    }
    void aNonFiniteWeightShowsInItsRowAlone_data() { addDeviceRows(); }
    void aNonFiniteWeightShowsInItsRowAlone() {
        QFETCH(const int, level);
        QS_SKIP_WITHOUT_GPU(level);
        Case data = makeCase(3, 20);
        data.error[25] = std::numeric_limits<float>::quiet_NaN();
        const auto energy = energies(level, data, 3, 20);
        QCOMPARE(energy.size(), std::size_t{3});
        QVERIFY(std::isfinite(energy[0]) && std::isnan(energy[1]) && std::isfinite(energy[2]));
    }
    void aStopIsHeard() {
        const Case data = makeCase(60, 263);
        std::vector<double> energy(60);
        std::stop_source source;
        source.request_stop();
        QVERIFY(weightedError(data.error.data(), 60, 263, data.gram.data(), energy.data(), source.get_token()) ==
                KernelStatus::cancelled);
    }
};
QTEST_APPLESS_MAIN(WeightedErrorTest)
#include "weighted_error_test.moc"
