// If this fails, Quantoscope computes another model than the one in the file: every score, error map and chat answer is
// then about something else. Golden values: transformers in float32 (golden/*/README.md).
#include <QTest>

#include "core/model/language_model.h"
#include "core/model/rope_frequencies.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/test_files.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

constexpr double kAbsolute = 5e-4;
constexpr double kRelative = 1e-4;

bool close(double value, double wanted, double absolute = kAbsolute) {
    return std::abs(value - wanted) <= absolute + kRelative * std::abs(wanted);
}

bool rowIsClose(const Activations& states, std::int64_t position, const nlohmann::json& wanted) {
    const auto* row = states.values.data() + position * states.hidden_size;
    for (std::size_t c = 0; c < wanted.size(); ++c)
        if (!close(row[c], wanted[c])) return false;
    return static_cast<std::int64_t>(wanted.size()) == states.hidden_size;
}

bool positionsAreClose(const Activations& states, const nlohmann::json& positions, const nlohmann::json& rows) {
    for (std::size_t i = 0; i < positions.size(); ++i)
        if (!rowIsClose(states, positions[i], rows[i])) return false;
    return true;
}

std::vector<nlohmann::json> sequencesOf(const nlohmann::json& golden) {
    std::vector<nlohmann::json> sequences(golden["sequences"].begin(), golden["sequences"].end());
    if (golden.contains("text")) sequences.push_back(golden["text"]);
    return sequences;
}

}  // namespace

class GoldenForwardTest : public QObject {
    Q_OBJECT
private slots:
    void tinyModelsGiveTheGoldenValues_data();
    void tinyModelsGiveTheGoldenValues();
    void greedyContinuationsAreTheGoldenOnes_data() { tinyModelsGiveTheGoldenValues_data(); }
    void greedyContinuationsAreTheGoldenOnes();
    void bfloat16StaysNearFloat32_data() { tinyModelsGiveTheGoldenValues_data(); }
    void bfloat16StaysNearFloat32();
};

void GoldenForwardTest::tinyModelsGiveTheGoldenValues_data() {
    QTest::addColumn<QString>("folder");
    for (const char* name : {"llama3-tiny", "llama2-tiny", "llama-tied-tiny"})
        QTest::newRow(name) << sharedFile(QStringLiteral("golden/") + QLatin1String(name));
}

void GoldenForwardTest::tinyModelsGiveTheGoldenValues() {
    QFETCH(QString, folder);
    if (folder.isEmpty()) QSKIP("needs ../shared/golden");
    const auto weights = tinyModel(folder);
    const auto golden = readJson(folder + "/golden.json");
    const auto frequencies = ropeInverseFrequencies(weights->model);
    for (std::size_t p = 0; p < frequencies.size(); ++p)
        QVERIFY(std::abs(frequencies[p] / golden["inv_freq"][p].get<double>() - 1.0) < 1e-6);
    for (const auto& sequence : sequencesOf(golden)) {
        const std::vector<std::vector<std::int32_t>> ids{sequence["ids"]};
        JobContext job;
        auto states = embedTokens(*weights, ids);
        QVERIFY(states.has_value());
        QVERIFY(positionsAreClose(*states, sequence["positions"], sequence["hidden_states"]["embeddings"]));
        for (std::int64_t i = 0; i < weights->model.block_count; ++i) {
            const auto block = DecoderBlock::load(*weights, i, Precision::float32);
            QVERIFY(block.has_value());
            QVERIFY(block->forward(*states, &*states, {}, job).has_value());
            const auto layer = "layer_" + std::to_string(i);
            QVERIFY2(positionsAreClose(*states, sequence["positions"], sequence["hidden_states"][layer]),
                     layer.c_str());
        }
        const auto nll = nextTokenNll(*weights, *states, ids, Precision::float32, job);
        QVERIFY(nll.has_value());
        double sum = 0.0;
        for (const float value : nll->front()) sum += value;
        const double mean = sum / static_cast<double>(nll->front().size());
        QVERIFY(close(mean, sequence["mean_nll"], 1e-4));
    }
}

void GoldenForwardTest::greedyContinuationsAreTheGoldenOnes() {
    QFETCH(QString, folder);
    if (folder.isEmpty()) QSKIP("needs ../shared/golden");
    const auto weights = tinyModel(folder);
    const auto document = readJson(folder + "/golden.json");
    for (const auto& sequence : document["sequences"]) {
        GenerationRequest request;
        request.prompt_ids = sequence["ids"].get<std::vector<std::int32_t>>();
        request.max_new_tokens = 8;
        request.top_logits = weights->model.vocab_size;
        request.precision = Precision::float32;
        JobContext job;
        const auto result = generate(*weights, request, job);
        QVERIFY(result.has_value());
        QCOMPARE(result->ids, sequence["greedy_ids"].get<std::vector<std::int32_t>>());
        QCOMPARE(static_cast<std::int64_t>(result->top_logits.size()), weights->model.vocab_size);
        for (const auto& logit : result->top_logits)
            QVERIFY(close(logit.logit, sequence["last_logits"][static_cast<std::size_t>(logit.id)]));
    }
}

void GoldenForwardTest::bfloat16StaysNearFloat32() {
    QFETCH(QString, folder);
    if (folder.isEmpty()) QSKIP("needs ../shared/golden");
    const auto weights = tinyModel(folder);
    const auto document = readJson(folder + "/golden.json");
    for (const auto& sequence : document["sequences"]) {
        const std::vector<std::vector<std::int32_t>> ids{sequence["ids"]};
        JobContext job;
        const auto nll = evaluateNll(*weights, ids, Precision::bfloat16, job);
        QVERIFY(nll.has_value());
        double sum = 0.0;
        for (const float value : nll->front()) sum += value;
        // Three blocks of random weights amplify the rounding of operands; a wrong term would be far outside.
        QVERIFY(std::abs(sum / static_cast<double>(nll->front().size()) - sequence["mean_nll"].get<double>()) < 0.15);
    }
}

QTEST_APPLESS_MAIN(GoldenForwardTest)
#include "golden_forward_test.moc"
