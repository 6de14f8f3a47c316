// If this fails, methods calibrate on other values than the model computes with, exchanged weights have no effect, or
// generation, repetition and cancelling do not keep their promises.
#include "core/model/decoder_block.h"

#include <QTest>
#include <array>

#include "core/model/generator.h"
#include "core/model/language_model.h"
#include "kernels/matmul/matmul.h"
#include "tests/core/model/tiny_model.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

ModelConfig smallConfig() {
    ModelConfig config;
    config.hidden_size = 48;
    config.intermediate_size = 80;
    config.block_count = 2;
    config.head_count = 3;
    config.kv_head_count = 1;
    config.head_dim = 20;  // heads x head_dim differs from the hidden size
    config.vocab_size = 2100;
    config.tie_word_embeddings = true;
    return config;
}

std::vector<std::vector<std::int32_t>> someIds(std::size_t sequences, std::size_t length) {
    std::vector<std::vector<std::int32_t>> ids(sequences, std::vector<std::int32_t>(length));
    std::int32_t next = 17;
    for (auto& sequence : ids)
        for (auto& id : sequence) id = next = (next * 31 + 7) % 2100;
    return ids;
}

/// Copies of what the observer saw, as float32, by site.
struct Seen {
    std::array<std::vector<float>, 4> values;
    std::array<std::int64_t, 4> columns{};
    std::vector<InputSite> order;
    SiteObserver observer() {
        return [this](const SiteInput& input) -> Status {
            const auto site = static_cast<std::size_t>(input.site);
            order.push_back(input.site);
            columns[site] = input.columns;
            for (std::int64_t i = 0; i < input.rows * input.columns; ++i)
                values[site].push_back(input.float32 != nullptr ? input.float32[i]
                                                                : kernels::bfloat16ToFloat(input.bfloat16[i]));
            return {};
        };
    }
};

}  // namespace

class DecoderBlockTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        weights_ = randomModel(smallConfig(), 3);
        ids_ = someIds(5, 30);
        input_ = *embedTokens(*weights_, ids_);
    }
    void theObserverSeesWhatTheProductsUse_data();
    void theObserverSeesWhatTheProductsUse();
    void lastSiteStopsEarlyAndSeesTheSame();
    void aReplacedLinearTakesEffect();
    void inPlaceAndRepeatedRunsGiveTheSameBytes();
    void aSequenceAloneGivesTheSameBytesAsInAGroup();
    void cachedGenerationEqualsRecomputing_data() { theObserverSeesWhatTheProductsUse_data(); }
    void cachedGenerationEqualsRecomputing();
    void generationEndsAtTheStopTokenAndReportsTokens();
    void wrongInputsAreRefused();
    void cancellingIsSeen();

private:
    std::shared_ptr<MemoryWeights> weights_;
    std::vector<std::vector<std::int32_t>> ids_;
    Activations input_;
};

void DecoderBlockTest::theObserverSeesWhatTheProductsUse_data() {
    QTest::addColumn<int>("precision");
    QTest::newRow("float32") << static_cast<int>(Precision::float32);
    QTest::newRow("bfloat16") << static_cast<int>(Precision::bfloat16);
}

void DecoderBlockTest::theObserverSeesWhatTheProductsUse() {
    QFETCH(int, precision);
    const auto chosen = static_cast<Precision>(precision);
    const auto block = DecoderBlock::load(*weights_, 0, chosen);
    QVERIFY(block.has_value());
    Seen seen;
    JobContext job;
    Activations output;
    QVERIFY(block->forward(input_, &output, seen.observer(), job).has_value());
    QCOMPARE(seen.order, (std::vector<InputSite>(kInputSites.begin(), kInputSites.end())));
    // What is added to the residual stream is exactly o(seen) and down(seen).
    const auto operand =
        chosen == Precision::float32 ? kernels::MatmulOperand::float32 : kernels::MatmulOperand::bfloat16;
    Activations wanted = input_;
    for (const auto role : {LinearRole::o_proj, LinearRole::down_proj}) {
        const auto site = static_cast<std::size_t>(inputSite(role));
        QCOMPARE(seen.columns[site], linearColumns(weights_->model, role));
        const auto& weight = weights_->tensors[linearPath(0, role) + ".weight"];
        kernels::PackedMatrix packed;
        kernels::PackedMatrix::pack(weight.values.data(), weight.rows, weight.columns, operand, packed);
        kernels::matmul(seen.values[site].data(), 150, packed, wanted.values.data(), kernels::MatmulOutput::add);
    }
    QCOMPARE(output.values, wanted.values);
}

void DecoderBlockTest::lastSiteStopsEarlyAndSeesTheSame() {
    const auto block = DecoderBlock::load(*weights_, 1, Precision::bfloat16);
    JobContext job;
    Seen all;
    QVERIFY(block->forward(input_, nullptr, all.observer(), job).has_value());
    for (const auto last : kInputSites) {
        Seen some;
        QVERIFY(block->forward(input_, nullptr, some.observer(), job, last).has_value());
        QCOMPARE(some.order.size(), static_cast<std::size_t>(last) + 1);
        const auto site = static_cast<std::size_t>(last);
        QCOMPARE(some.values[site], all.values[site]);
    }
}

void DecoderBlockTest::aReplacedLinearTakesEffect() {
    auto block = DecoderBlock::load(*weights_, 0, Precision::float32);
    JobContext job;
    for (const auto role : kLinearRoles) {
        const auto name = linearPath(0, role) + ".weight";
        auto changed = *weights_;
        for (auto& value : changed.tensors[name].values) value *= 1.5F;
        const auto wanted_block = DecoderBlock::load(changed, 0, Precision::float32);
        Activations before;
        Activations after;
        Activations wanted;
        QVERIFY(block->forward(input_, &before, {}, job).has_value());
        QVERIFY(block->setLinear(role, changed.tensors[name]).has_value());
        QVERIFY(block->forward(input_, &after, {}, job).has_value());
        QVERIFY(wanted_block->forward(input_, &wanted, {}, job).has_value());
        QVERIFY(after.values != before.values);
        QCOMPARE(after.values, wanted.values);
        QVERIFY(block->setLinear(role, weights_->tensors[name]).has_value());
    }
    Activations before;
    Activations after;
    QVERIFY(block->forward(input_, &before, {}, job).has_value());
    QVERIFY(block->setInputNorm(std::vector<float>(48, 0.5F)).has_value());
    QVERIFY(block->setPostAttentionNorm(std::vector<float>(48, 0.25F)).has_value());
    QVERIFY(block->forward(input_, &after, {}, job).has_value());
    QVERIFY(after.values != before.values);
}

void DecoderBlockTest::inPlaceAndRepeatedRunsGiveTheSameBytes() {
    const auto block = DecoderBlock::load(*weights_, 0, Precision::bfloat16);
    JobContext job;
    Activations first;
    QVERIFY(block->forward(input_, &first, {}, job).has_value());
    auto in_place = input_;
    QVERIFY(block->forward(in_place, &in_place, {}, job).has_value());
    QCOMPARE(in_place.values, first.values);
    const auto nll = evaluateNll(*weights_, ids_, Precision::bfloat16, job);
    const auto again = evaluateNll(*weights_, ids_, Precision::bfloat16, job);
    QVERIFY(nll.has_value() && again.has_value());
    QCOMPARE(*nll, *again);
}

void DecoderBlockTest::aSequenceAloneGivesTheSameBytesAsInAGroup() {
    JobContext job;
    const auto together = evaluateNll(*weights_, ids_, Precision::float32, job);
    for (std::size_t i = 0; i < ids_.size(); ++i) {
        const auto alone = evaluateNll(*weights_, std::span(ids_).subspan(i, 1), Precision::float32, job);
        QCOMPARE(alone->front(), (*together)[i]);
    }
}

void DecoderBlockTest::cachedGenerationEqualsRecomputing() {
    QFETCH(int, precision);
    const auto chosen = static_cast<Precision>(precision);
    const auto block = DecoderBlock::load(*weights_, 0, chosen);
    JobContext job;
    const auto ids = someIds(1, 70);
    const auto input = *embedTokens(*weights_, ids);
    Activations wanted;
    QVERIFY(block->forward(input, &wanted, {}, job).has_value());
    auto cache = KeyValueCache::make(weights_->model, 70);
    QVERIFY(cache.has_value());
    auto hidden = input.values;
    for (const auto& [first, count] : {std::pair<std::size_t, std::size_t>{0, 33}, {33, 1}, {34, 1}, {35, 35}})
        QVERIFY(block
                    ->forwardCached(std::span(hidden).subspan(first * 48, count * 48), static_cast<std::int64_t>(count),
                                    *cache)
                    .has_value());
    QCOMPARE(cache->length(), 70);
    QCOMPARE(hidden, wanted.values);
    QVERIFY(!block->forwardCached(std::span(hidden).first(60 * 48), 60, *cache).has_value());
}

void DecoderBlockTest::generationEndsAtTheStopTokenAndReportsTokens() {
    GenerationRequest request;
    request.prompt_ids = {5, 6, 7};
    request.max_new_tokens = 12;
    request.top_logits = 3;
    std::vector<std::int32_t> told;
    request.on_token = [&](std::int32_t id) { told.push_back(id); };
    JobContext job;
    const auto free_run = generate(*weights_, request, job);
    QVERIFY(free_run.has_value());
    QCOMPARE(free_run->ids.size(), std::size_t{12});
    QCOMPARE(told, free_run->ids);
    QCOMPARE(free_run->top_logits.size(), std::size_t{3});
    QCOMPARE(free_run->top_logits[0].id, free_run->ids[0]);
    auto stopping = *weights_;
    stopping.model.eos_token_ids = {9, free_run->ids[4]};
    const auto stopped = generate(stopping, request, job);
    const auto end = std::ranges::find(free_run->ids, free_run->ids[4]) + 1;
    QCOMPARE(stopped->ids, std::vector<std::int32_t>(free_run->ids.begin(), end));
    request.stop_at_eos = false;
    QCOMPARE(generate(stopping, request, job)->ids, free_run->ids);
}

void DecoderBlockTest::wrongInputsAreRefused() {
    JobContext job;
    QVERIFY(!DecoderBlock::load(*weights_, 2, Precision::float32).has_value());
    auto block = DecoderBlock::load(*weights_, 0, Precision::float32);
    QVERIFY(!block->setLinear(LinearRole::q_proj, Matrix(3, 4)).has_value());
    QVERIFY(!block->setInputNorm(std::vector<float>(3)).has_value());
    QVERIFY(!block->forward(Activations(1, 2, 3), nullptr, {}, job).has_value());
    const std::vector<std::vector<std::int32_t>> outside{{1, 2100}};
    const auto embedded = embedTokens(*weights_, outside);
    QVERIFY(!embedded.has_value());
    QVERIFY(embedded.error().message.find("2100") != std::string::npos);
    QVERIFY(!embedTokens(*weights_, std::vector<std::vector<std::int32_t>>{{1}, {1, 2}}).has_value());
    GenerationRequest request;
    QVERIFY(!generate(*weights_, request, job).has_value());
    request.prompt_ids = {-1};
    QVERIFY(!generate(*weights_, request, job).has_value());
}

void DecoderBlockTest::cancellingIsSeen() {
    std::stop_source source;
    JobContext job(source.get_token(), [&](const Progress& progress) {
        if (progress.fraction > 0.2) source.request_stop();
    });
    const auto nll = evaluateNll(*weights_, ids_, Precision::float32, job);
    QVERIFY(!nll.has_value());
    QCOMPARE(nll.error().kind, ErrorKind::cancelled);
    GenerationRequest request;
    request.prompt_ids = {1};
    QCOMPARE(generate(*weights_, request, job).error().kind, ErrorKind::cancelled);
}

QTEST_APPLESS_MAIN(DecoderBlockTest)
#include "decoder_block_test.moc"
