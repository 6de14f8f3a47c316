// If this fails, GPTQ on a GPU finds another factor or other codes than on the CPU, or gives up where the CPU raises
// the damping.
#include <QTest>
#include <cmath>
#include <random>

#include "core/analysis/analyse_linear.h"
#include "core/methods/gptq_factor.h"
#include "core/methods/gpu/gptq_on_gpu.h"
#include "tests/support/emulated_cuda.h"

using namespace quantoscope;

namespace {

constexpr std::int64_t kColumns = 40;

/// Second moments of `rows` random inputs with one dead column; fewer rows than columns have no inverse by themselves.
SiteStatistics momentsOf(std::int64_t rows) {
    std::mt19937 random(3);
    std::normal_distribution<float> normal;
    Matrix x(rows, kColumns);
    for (auto& value : x.values) value = normal(random);
    for (std::int64_t t = 0; t < rows; ++t) {
        x.at(t, 7) = 0.0F;
        x.at(t, 3) *= 5.0F;
    }
    SiteStatistics statistics;
    statistics.gram = Matrix(kColumns, kColumns);
    for (std::int64_t t = 0; t < rows; ++t)
        for (std::int64_t i = 0; i < kColumns; ++i)
            for (std::int64_t j = 0; j < kColumns; ++j) statistics.gram.at(i, j) += x.at(t, i) * x.at(t, j);
    statistics.token_count = rows;
    statistics.sequence_count = 2;
    return statistics;
}

void putOn(const std::shared_ptr<Gpu>& gpu, SiteStatistics& statistics) {
    const auto bytes = statistics.gram.values.size() * sizeof(float);
    statistics.gpu_gram = std::make_shared<GpuBytes>(*gpu->take(GpuMemory::statistics, bytes, "a test"));
    QVERIFY(gpu->upload(statistics.gpu_gram->data(), statistics.gram.values.data(), bytes).has_value());
}

struct Swept {
    bool solved = false;
    std::vector<std::uint8_t> codes;
    std::vector<float> scales;
    std::vector<double> errors;
};

/// 24 rows in groups of 8 columns; on the GPU that holds the factor, or by the reference where there is none.
Swept sweep(const GpuFactorization* on_gpu, const std::vector<float>& factor, const std::vector<std::int32_t>& order,
            bool fixed_grids) {
    constexpr std::int64_t kRows = 24;
    std::mt19937 random(9);
    std::normal_distribution<float> normal;
    std::vector<float> weights(kRows * kColumns);
    for (auto& value : weights) value = normal(random);
    Swept swept;
    swept.codes.resize(weights.size());
    swept.scales.assign(kRows * 5, 0.25F);
    swept.errors.resize(kRows);
    std::vector<float> zero_points(kRows * 5, 8.0F);
    kernels::GptqProblem problem;
    problem.rows = kRows;
    problem.columns = kColumns;
    problem.group_size = 8;
    problem.block_size = 16;
    problem.fixed_grids = fixed_grids;
    problem.weights = weights.data();
    problem.factor = factor.data();
    problem.order = order.data();
    problem.scales = swept.scales.data();
    problem.zero_points = zero_points.data();
    problem.codes = swept.codes.data();
    problem.row_errors = swept.errors.data();
    swept.solved = on_gpu != nullptr ? gptqSolveOnGpu(*on_gpu, problem).value_or(false)
                                     : kernels::gptqSolveReference(problem) == kernels::KernelStatus::ok;
    return swept;
}

}  // namespace

class GpuGptqTest : public QObject {
    Q_OBJECT
private slots:
    void theFactorIsTheCpus_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<double>("damping");
        QTest::newRow("plain") << 200 << 0.01;
        QTest::newRow("singular: damping is raised") << 20 << 0.0;
    }
    void theFactorIsTheCpus() {
        QFETCH(int, rows);
        QFETCH(double, damping);
        const test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        auto statistics = momentsOf(rows);
        JobContext job;
        for (const bool ordered : {false, true}) {
            statistics.gpu_gram.reset();
            const auto wanted = gptqFactor(statistics, ordered, damping, "a site", job);
            putOn(*gpu, statistics);
            const auto found = gptqFactor(statistics, ordered, damping, "a site", job);
            QVERIFY(wanted.has_value() && found.has_value());
            QVERIFY(wanted->values != nullptr && found->on_gpu != nullptr);
            QCOMPARE(found->note, wanted->note);
            QCOMPARE(found->note.empty(), rows == 200);
            QCOMPARE(found->order, wanted->order);
            QCOMPARE(found->dead, std::vector<std::int32_t>{7});
            std::vector<float> values(kColumns * kColumns);
            QVERIFY(found->on_gpu->download(values.data()).has_value());
            for (std::size_t i = 0; i < values.size(); ++i)
                QVERIFY(std::fabs(values[i] - wanted->values[i]) <= 1e-4F * (1.0F + std::fabs(wanted->values[i])));
        }
        QCOMPARE(emulated.misuse(), std::string());
    }
    void theSweepIsTheCpus() {
        const test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        auto statistics = momentsOf(200);
        putOn(*gpu, statistics);
        JobContext job;
        const auto factor = gptqFactor(statistics, true, 0.01, "a site", job);
        QVERIFY(factor.has_value());
        std::vector<float> host(kColumns * kColumns);
        QVERIFY(factor->on_gpu->download(host.data()).has_value());
        for (const bool fixed : {false, true}) {
            const auto found = sweep(factor->on_gpu.get(), host, factor->order, fixed);
            const auto wanted = sweep(nullptr, host, factor->order, fixed);
            QVERIFY(found.solved && wanted.solved);
            QCOMPARE(found.codes, wanted.codes);
            QCOMPARE(found.scales, wanted.scales);
            QCOMPARE(found.errors, wanted.errors);
            QVERIFY(found.errors[0] > 0.0);
        }
    }
    void withoutRoomTheCpuDoesIt() {
        test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        std::vector<std::string> notes;
        (*gpu)->sendNotesTo([&](const std::string& text) { notes.push_back(text); });
        auto statistics = momentsOf(200);
        putOn(*gpu, statistics);
        emulated.setMemory(emulated.bytesInUse() + 100);
        JobContext job;
        const auto factor = gptqFactor(statistics, true, 0.01, "a site", job);
        QVERIFY(factor.has_value());
        QVERIFY(factor->values != nullptr && factor->on_gpu == nullptr);
        QCOMPARE(notes.size(), 1U);
        QVERIFY(inverseHessianDiagonal(statistics, job).has_value());
    }
    void theHessianSalienceIsTheCpus() {
        const test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        auto statistics = momentsOf(200);
        JobContext job;
        const auto wanted = inverseHessianDiagonal(statistics, job);
        putOn(*gpu, statistics);
        const auto found = inverseHessianDiagonal(statistics, job);
        QVERIFY(wanted.has_value() && found.has_value());
        QCOMPARE(emulated.launches("inverseFactor"), 1);
        for (std::size_t i = 0; i < wanted->size(); ++i) QVERIFY(std::fabs((*found)[i] / (*wanted)[i] - 1.0F) < 1e-3F);
    }
};
QTEST_APPLESS_MAIN(GpuGptqTest)
#include "gpu_gptq_test.moc"
