// If this fails, the real example model answers or scores differently from what its original program computes
// (golden/smollm2: transformers in float32 on the bfloat16 weights).
#include <QTest>

#include "core/formats/model_files.h"
#include "core/model/language_model.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/test_files.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

std::shared_ptr<const WeightSource> exampleWeights() {
    const auto path = exampleModel();
    if (path.isEmpty()) return nullptr;
    const auto files = ModelFiles::open(path.toStdString());
    if (!files) return nullptr;
    const auto weights = (*files)->weights(WeightDType::bfloat16);
    return weights ? *weights : nullptr;
}

/// Ids up to the first step where the golden model itself was undecided.
std::size_t decidedSteps(const nlohmann::json& value) {
    std::size_t steps = 0;
    for (const double margin : value["greedy_margin"]) {
        if (margin < 0.01) break;
        ++steps;
    }
    return steps;
}

}  // namespace

class SmolLM2Test : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        weights_ = exampleWeights();
        golden_ = readJson(sharedFile(QStringLiteral("golden/smollm2/logits.json")));
        if (!weights_ || golden_.is_null()) QSKIP("needs the example model and ../shared/golden/smollm2");
    }

    void logitsAndGreedyContinuationAreTheGoldenOnes_data() {
        QTest::addColumn<int>("prompt");
        for (const int prompt : {0, 3}) QTest::addRow("prompt %d", prompt) << prompt;
    }
    void logitsAndGreedyContinuationAreTheGoldenOnes() {
        QFETCH(int, prompt);
        const auto& value = golden_["values"][static_cast<std::size_t>(prompt)];
        GenerationRequest request;
        request.prompt_ids = value["ids"].get<std::vector<std::int32_t>>();
        request.max_new_tokens = static_cast<std::int64_t>(value["greedy"].size());
        request.top_logits = 10;
        request.stop_at_eos = false;
        request.precision = Precision::float32;
        JobContext job;
        const auto result = generate(*weights_, request, job);
        QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
        for (std::size_t i = 0; i < 10; ++i) {
            QCOMPARE(result->top_logits[i].id, value["top10"][i][0].get<std::int32_t>());
            QVERIFY(std::abs(result->top_logits[i].logit - value["top10"][i][1].get<double>()) < 5e-3);
        }
        const auto greedy = value["greedy"].get<std::vector<std::int32_t>>();
        for (std::size_t i = 0; i < decidedSteps(value); ++i) QCOMPARE(result->ids[i], greedy[i]);
    }

    void meanLogProbabilitiesAreTheGoldenOnes() {
        const auto& value = golden_["values"][1];
        const std::vector<std::vector<std::int32_t>> ids{value["ids"]};
        for (const auto precision : {Precision::float32, Precision::bfloat16}) {
            JobContext job;
            const auto nll = evaluateNll(*weights_, ids, precision, job);
            QVERIFY2(nll.has_value(), nll ? "" : nll.error().message.c_str());
            double sum = 0.0;
            for (const float one : nll->front()) sum -= one;
            const double mean = sum / static_cast<double>(nll->front().size());
            const double tolerance = precision == Precision::float32 ? 2e-4 : 5e-2;
            QVERIFY(std::abs(mean - value["mean_logprob"].get<double>()) < tolerance);
        }
    }

private:
    std::shared_ptr<const WeightSource> weights_;
    nlohmann::json golden_;
};

QTEST_APPLESS_MAIN(SmolLM2Test)
#include "smollm2_test.moc"
