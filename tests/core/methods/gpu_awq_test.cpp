// If this fails, AWQ by linears takes other scales than measuring every candidate's outputs would, or a GPU finds other
// scales, limits or codes than the CPU.
#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/methods/awq_search.h"
#include "core/methods/gpu/awq_on_gpu.h"
#include "tests/support/emulated_cuda.h"
#include "tests/support/memory_block.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

constexpr std::int64_t kRatios = 20;
const kernels::GridOptions kGrid{.bits = 3};

Result<QuantizedBlock> quantize(MemoryBlock& block, const std::string& search) {
    const auto& method = **findMethod("awq");
    JobContext job;
    return method.quantize_block(
        block,
        optionsOf(method, {{"bits", std::int64_t{3}}, {"group_size", std::int64_t{8}}, {"scale_search", search}}), job);
}

/// What candidate k changes in the outputs of these weights, token by token.
double lossOf(const std::vector<Matrix>& inputs, const Matrix& weight, const std::vector<float>& scale) {
    const kernels::GroupedMatrix shape{weight.rows, weight.columns, 8, weight.columns};
    Matrix error(weight.rows, weight.columns);
    (void)kernels::scaledRoundingError(weight.values.data(), shape, kGrid, scale.data(), error.values.data());
    double loss = 0.0;
    for (const auto& x : inputs)
        for (std::int64_t t = 0; t < x.rows; ++t)
            for (std::int64_t i = 0; i < error.rows; ++i) {
                double change = 0.0;
                for (std::int64_t j = 0; j < x.columns; ++j)
                    change += double{x.at(t, j)} * static_cast<double>(error.at(i, j));
                loss += change * change;
            }
    return loss;
}

std::vector<std::vector<float>> candidates(const SiteStatistics& statistics) {
    std::vector<std::vector<float>> scales;
    for (std::int64_t k = 0; k < kRatios; ++k)
        scales.push_back(candidateScale(statistics.mean_absolute, static_cast<double>(k) / double{kRatios}));
    return scales;
}

/// A block whose inputs have channels of very different size, so that scales matter.
MemoryBlock unevenBlock() {
    auto block = MemoryBlock::small();
    for (const auto site : kInputSites) {
        auto sequences = block.inputs.at(site);
        for (auto& x : sequences)
            for (std::int64_t t = 0; t < x.rows; ++t)
                for (std::int64_t j = 0; j < x.columns; j += 5) x.at(t, j) *= 12.0F;
        block.setInputs(site, sequences);
    }
    return block;
}

void putOn(const std::shared_ptr<Gpu>& gpu, MemoryBlock& block) {
    for (auto& [site, statistics] : block.site_statistics) {
        const auto bytes = statistics.gram.values.size() * sizeof(float);
        statistics.gpu_gram = std::make_shared<GpuBytes>(*gpu->take(GpuMemory::statistics, bytes, "a test"));
        QVERIFY(gpu->upload(statistics.gpu_gram->data(), statistics.gram.values.data(), bytes).has_value());
    }
    block.device = gpu.get();
}

}  // namespace

class GpuAwqTest : public QObject {
    Q_OBJECT
private slots:
    void linearsAreJudgedByTheirOwnOutputs() {
        auto block = unevenBlock();
        const auto made = quantize(block, "linears");
        QVERIFY(made.has_value());
        const auto scales = candidates(block.site_statistics.at(InputSite::attention_input));
        std::vector<double> losses;
        for (const auto& scale : scales) {
            losses.push_back(0.0);
            for (const auto role : {LinearRole::q_proj, LinearRole::k_proj, LinearRole::v_proj})
                losses.back() += lossOf(block.inputs.at(InputSite::attention_input), block.weights.at(role), scale);
        }
        const auto best = std::ranges::min_element(losses) - losses.begin();
        QVERIFY(best > 0);
        QCOMPARE(made->linears[static_cast<std::size_t>(LinearRole::k_proj)]->input_scale,
                 scales[static_cast<std::size_t>(best)]);
    }
    void aGpuMeasuresTheSameLosses_data() {
        QTest::addColumn<qulonglong>("budget");
        QTest::newRow("all at once") << (qulonglong{1} << 20);
        QTest::newRow("half of the rows at a time") << qulonglong{3724};
    }
    void aGpuMeasuresTheSameLosses() {
        QFETCH(qulonglong, budget);
        const test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, budget);
        QVERIFY(gpu.has_value());
        auto block = unevenBlock();
        const auto& statistics = block.site_statistics.at(InputSite::attention_input);
        const auto bytes = statistics.gram.values.size() * sizeof(float);
        const auto gram = (*gpu)->take(GpuMemory::statistics, bytes, "a test");
        QVERIFY(gram.has_value() && (*gpu)->upload(gram->data(), statistics.gram.values.data(), bytes).has_value());
        const auto& q = block.weights.at(LinearRole::q_proj);
        const auto& k = block.weights.at(LinearRole::k_proj);
        const auto scales = candidates(statistics);
        const std::vector<ScaledLinear> linears{{&q, kGrid, 8}, {&k, kGrid, 8}};
        const auto losses = scaleLossesOnGpu(*gram, linears, scales, JobContext());
        QVERIFY(losses.has_value());
        QCOMPARE(losses->size(), scales.size());
        for (std::size_t i = 0; i < scales.size(); ++i) {
            const auto& inputs = block.inputs.at(InputSite::attention_input);
            const double wanted = lossOf(inputs, q, scales[i]) + lossOf(inputs, k, scales[i]);
            QVERIFY(std::fabs((*losses)[i] / wanted - 1.0) < 1e-4);
        }
        // q's 16 rows and k's 8: in one strip each, or q's in two.
        QCOMPARE(emulated.launches("weightedError"), kRatios * (budget > 10'000 ? 2 : 3));
        QCOMPARE(emulated.misuse(), std::string());
    }
    void aGpuGivesTheSameBlock() {
        const test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        auto block = unevenBlock();
        const auto wanted = quantize(block, "linears");
        putOn(*gpu, block);
        const auto found = quantize(block, "linears");
        QVERIFY(wanted.has_value() && found.has_value());
        QVERIFY(emulated.launches("scaledRoundingError") > 0 && emulated.launches("findClipLimits") > 0);
        for (const auto role : kLinearRoles) {
            const auto& one = *wanted->linears[static_cast<std::size_t>(role)];
            const auto& other = *found->linears[static_cast<std::size_t>(role)];
            QCOMPARE(other.input_scale, one.input_scale);
            QCOMPARE(other.codes, one.codes);
        }
        QCOMPARE(emulated.misuse(), std::string());
    }
    void withoutRoomTheCpuSearches() {
        const test::EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 5'400);  // the moments fit, nothing beside them
        auto block = unevenBlock();
        const auto wanted = quantize(block, "linears");
        putOn(*gpu, block);
        std::vector<std::string> notes;
        (*gpu)->sendNotesTo([&](const std::string& note) { notes.push_back(note); });
        const auto found = quantize(block, "linears");
        QVERIFY(found.has_value());
        QVERIFY(std::ranges::any_of(notes, [](const std::string& note) { return note.contains("no room for AWQ"); }));
        QCOMPARE(found->linears[0]->codes, wanted->linears[0]->codes);
    }
};

QTEST_APPLESS_MAIN(GpuAwqTest)
#include "gpu_awq_test.moc"
