// If this fails, a run on a GPU calibrates on or scores with other values than the same run on the CPU, waits where it
// must not, or dies where it could take smaller chunks.
#include <QTest>

#include "core/calibration/gpu_site_sums.h"
#include "core/calibration/site_statistics.h"
#include "core/model/gpu/gpu_evaluate.h"
#include "core/model/language_model.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/emulated_cuda.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

ModelConfig smallConfig() {
    ModelConfig config;
    config.hidden_size = 48;
    config.intermediate_size = 80;
    config.block_count = 3;
    config.head_count = 3;
    config.kv_head_count = 1;
    config.head_dim = 20;  // heads x head_dim differs from the hidden size
    config.vocab_size = 5000;
    config.tie_word_embeddings = true;
    return config;
}

std::vector<std::vector<std::int32_t>> someIds(std::size_t sequences, std::size_t length) {
    std::vector<std::vector<std::int32_t>> ids(sequences, std::vector<std::int32_t>(length));
    std::int32_t next = 17;
    for (auto& sequence : ids)
        for (auto& id : sequence) id = next = (next * 31 + 7) % 5000;
    return ids;
}

double largest(const std::vector<float>& values) {
    double most = 0.0;
    for (const float value : values) most = std::max(most, std::fabs(static_cast<double>(value)));
    return most;
}

/// Largest difference as a share of the largest value.
double difference(const std::vector<float>& found, const std::vector<float>& wanted) {
    if (found.size() != wanted.size()) return 1e30;
    double most = 0.0;
    for (std::size_t i = 0; i < found.size(); ++i)
        most = std::max(most, std::fabs(static_cast<double>(found[i]) - static_cast<double>(wanted[i])));
    return most / largest(wanted);
}

}  // namespace

class GpuBlockTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        weights_ = randomModel(smallConfig(), 3);
        ids_ = someIds(7, 30);
        input_ = *embedTokens(*weights_, ids_);
    }
    void thePassEqualsTheCpus();
    void statisticsEqualTheCpus();
    void lastSiteStopsEarly();
    void aReplacedLinearTakesEffect();
    void nothingWaitsInsideAPass();
    void shortMemoryHalvesTheChunkAndSaysSo();
    void noRoomForOneSequenceIsSaid();
    void likelihoodsEqualTheCpus();
    void aHeadInPartsGivesTheSame();
    void aFaultEndsTheEvaluation();
    void cancellingIsSeen();

private:
    /// Block 0 on an open GPU.
    Result<GpuBlock> loaded(const std::shared_ptr<Gpu>& gpu) const {
        HostBlocks host(gpu, *weights_);
        QS_ASSIGN(const auto* values, host.block(0));
        return GpuBlock::load(gpu, weights_->config(), 0, *values);
    }

    std::shared_ptr<MemoryWeights> weights_;
    std::vector<std::vector<std::int32_t>> ids_;
    Activations input_;
};

void GpuBlockTest::thePassEqualsTheCpus() {
    const EmulatedCuda emulated;
    {
        const auto gpu = Gpu::open(0, 0);
        QVERIFY(gpu.has_value());
        auto block = loaded(*gpu);
        QVERIFY2(block.has_value(), block ? "" : block.error().message.c_str());
        const auto reference = DecoderBlock::load(*weights_, 0, Precision::bfloat16);
        JobContext job;
        Activations found;
        Activations wanted;
        QVERIFY(block->forward(input_, &found, {}, job).has_value());
        QVERIFY(reference->forward(input_, &wanted, {}, job).has_value());
        QVERIFY(difference(found.values, wanted.values) < 0.01);
        QVERIFY(difference(input_.values, wanted.values) > 0.05);
        Activations in_place = input_;
        QVERIFY(block->forward(in_place, &in_place, {}, job).has_value());
        QCOMPARE(in_place.values, found.values);
    }
    QCOMPARE(emulated.misuse(), std::string());
    QCOMPARE(emulated.bytesInUse(), 0ULL);
}

void GpuBlockTest::statisticsEqualTheCpus() {
    const EmulatedCuda emulated;
    const auto gpu = Gpu::open(0, 0);
    auto block = loaded(*gpu);
    const auto reference = DecoderBlock::load(*weights_, 0, Precision::bfloat16);
    JobContext job;
    std::array<std::optional<GpuSiteSums>, 4> sums;
    std::vector<SiteStatisticsAccumulator> wanted;
    for (const auto site : kInputSites) {
        const auto columns = siteColumns(weights_->config(), site);
        sums[static_cast<std::size_t>(site)].emplace(*GpuSiteSums::make(*gpu, columns));
        wanted.emplace_back(columns);
    }
    const auto add = [&](const GpuSiteInput& input) { return sums[static_cast<std::size_t>(input.site)]->add(input); };
    QVERIFY(block->forward(input_, nullptr, add, job).has_value());
    const auto observe = [&](const SiteInput& input) {
        return wanted[static_cast<std::size_t>(input.site)].add(input, job);
    };
    QVERIFY(reference->forward(input_, nullptr, observe, job).has_value());
    for (std::size_t i = 0; i < 4; ++i) {
        const auto found = sums[i]->finish(7);
        QVERIFY(found.has_value());
        const auto right = wanted[i].finish(7);
        QCOMPARE(found->token_count, right.token_count);
        QCOMPARE(found->sequence_count, right.sequence_count);
        QVERIFY(difference(found->gram.values, right.gram.values) < 0.01);
        QVERIFY(difference(found->mean_absolute, right.mean_absolute) < 0.01);
        QVERIFY(difference(found->maximum_absolute, right.maximum_absolute) < 0.02);
        QCOMPARE(found->gram.at(0, 5), found->gram.at(5, 0));
    }
    QCOMPARE(emulated.misuse(), std::string());
}

void GpuBlockTest::lastSiteStopsEarly() {
    const EmulatedCuda emulated;
    const auto gpu = Gpu::open(0, 0);
    auto block = loaded(*gpu);
    JobContext job;
    std::vector<InputSite> seen;
    const auto note = [&](const GpuSiteInput& input) -> Status {
        seen.push_back(input.site);
        return {};
    };
    QVERIFY(block->forward(input_, nullptr, note, job, InputSite::attention_output).has_value());
    QCOMPARE(seen, (std::vector{InputSite::attention_input, InputSite::attention_output}));
    QCOMPARE(emulated.launches("siluMultiply"), 0);
    QCOMPARE(emulated.launches("attention"), 1);
}

void GpuBlockTest::aReplacedLinearTakesEffect() {
    const EmulatedCuda emulated;
    const auto gpu = Gpu::open(0, 0);
    auto block = loaded(*gpu);
    auto reference = DecoderBlock::load(*weights_, 0, Precision::bfloat16);
    JobContext job;
    std::vector<float> norm(48, 0.5F);
    for (const auto role : kLinearRoles) {
        auto changed = weights_->tensors[linearPath(0, role) + ".weight"];
        for (auto& value : changed.values) value *= 1.5F;
        QVERIFY(block->setLinear(role, changed).has_value());
        QVERIFY(reference->setLinear(role, changed).has_value());
    }
    QVERIFY(block->setInputNorm(norm).has_value() && reference->setInputNorm(norm).has_value());
    QVERIFY(block->setPostAttentionNorm(norm).has_value() && reference->setPostAttentionNorm(norm).has_value());
    Activations found;
    Activations wanted;
    QVERIFY(block->forward(input_, &found, {}, job).has_value());
    QVERIFY(reference->forward(input_, &wanted, {}, job).has_value());
    QVERIFY(difference(found.values, wanted.values) < 0.01);
    QVERIFY(!block->setLinear(LinearRole::q_proj, Matrix(3, 3)).has_value());
    QVERIFY(!block->setInputNorm(std::vector<float>(3)).has_value());
}

void GpuBlockTest::nothingWaitsInsideAPass() {
    const EmulatedCuda emulated;
    // Room for one sequence at a time: seven chunks.
    const auto gpu = Gpu::open(0, 250000);
    auto block = loaded(*gpu);
    QVERIFY2(block.has_value(), block ? "" : block.error().message.c_str());
    JobContext job;
    Activations values = input_;
    const PinnedRange pinned(**gpu, values.values.data(), values.values.size() * sizeof(float));
    const auto before = emulated.synchronizations();
    QVERIFY(block->forward(values, &values, {}, job).has_value());
    QVERIFY(emulated.launches("attention") > 1);
    QCOMPARE(emulated.synchronizations() - before, 1);
}

void GpuBlockTest::shortMemoryHalvesTheChunkAndSaysSo() {
    EmulatedCuda emulated;
    const auto gpu = Gpu::open(0, 0);
    std::vector<std::string> notes;
    (*gpu)->sendNotesTo([&](const std::string& text) { notes.push_back(text); });
    auto block = loaded(*gpu);
    JobContext job;
    Activations whole;
    QVERIFY(block->forward(input_, &whole, {}, job).has_value());
    QVERIFY(notes.empty());
    emulated.setMemory(250000);  // the budget would allow more: another program takes it
    Activations found;
    const auto status = block->forward(input_, &found, {}, job);
    QVERIFY2(status.has_value(), status ? "" : status.error().message.c_str());
    QCOMPARE(notes.size(), 1U);
    QVERIFY(notes[0].find("instead of 7") != std::string::npos);
    QCOMPARE(found.values, whole.values);
    QVERIFY(emulated.peakBytes() > 250000);
}

void GpuBlockTest::noRoomForOneSequenceIsSaid() {
    const EmulatedCuda emulated;
    const auto gpu = Gpu::open(0, 60000);  // the weights of the block and nothing else
    auto block = loaded(*gpu);
    QVERIFY2(block.has_value(), block ? "" : block.error().message.c_str());
    JobContext job;
    Activations found;
    const auto status = block->forward(input_, &found, {}, job);
    QVERIFY(!status.has_value());
    QVERIFY(status.error().message.find("a sequence of 30 tokens") != std::string::npos);
    QVERIFY(status.error().message.find("--device-memory") != std::string::npos);
}

void GpuBlockTest::likelihoodsEqualTheCpus() {
    const EmulatedCuda emulated;
    JobContext job;
    const auto wanted = evaluateNll(*weights_, ids_, Precision::bfloat16, job);
    {
        const auto gpu = Gpu::open(0, 0);
        const auto found = evaluateNllOnGpu(*gpu, *weights_, ids_, job);
        QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
        QCOMPARE(found->size(), wanted->size());
        for (std::size_t i = 0; i < found->size(); ++i) QVERIFY(difference((*found)[i], (*wanted)[i]) < 0.01);
    }
    QCOMPARE(emulated.misuse(), std::string());
    QCOMPARE(emulated.bytesInUse(), 0ULL);
    QCOMPARE(emulated.pinnedRanges(), 0);
}

void GpuBlockTest::aHeadInPartsGivesTheSame() {
    JobContext job;
    const std::vector<std::int32_t> targets(static_cast<std::size_t>(input_.sequence_count * 30), 1234);
    std::vector<double> whole;
    {
        const EmulatedCuda emulated;
        const auto gpu = Gpu::open(0, 0);
        whole = *targetNllOnGpu(**gpu, *weights_, input_.values, targets, job);
    }
    const EmulatedCuda emulated;
    // Logits 210 x 5000 x 4 bytes and 70 kB of rows leave room for a half of the head.
    const auto gpu = Gpu::open(0, 4200000 + 80000 + 5000 * 48);
    const auto found = targetNllOnGpu(**gpu, *weights_, input_.values, targets, job);
    QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
    QCOMPARE(emulated.launches("updateSoftmax"), 2);
    for (std::size_t i = 0; i < whole.size(); ++i) QVERIFY(std::fabs((*found)[i] - whole[i]) < 1e-5);
}

void GpuBlockTest::aFaultEndsTheEvaluation() {
    EmulatedCuda emulated;
    const auto gpu = Gpu::open(0, 0);
    emulated.failAfterLaunches(30);
    JobContext job;
    const auto found = evaluateNllOnGpu(*gpu, *weights_, ids_, job);
    QVERIFY(!found.has_value());
    QVERIFY(found.error().message.find("stopped with a fault") != std::string::npos);
}

void GpuBlockTest::cancellingIsSeen() {
    const EmulatedCuda emulated;
    const auto gpu = Gpu::open(0, 0);
    std::stop_source stop;
    stop.request_stop();
    JobContext job(stop.get_token());
    const auto found = evaluateNllOnGpu(*gpu, *weights_, ids_, job);
    QVERIFY(!found.has_value());
    QCOMPARE(found.error().kind, ErrorKind::cancelled);
}

QTEST_APPLESS_MAIN(GpuBlockTest)
#include "gpu_block_test.moc"
