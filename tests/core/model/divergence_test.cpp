// If this fails, the sensitivity of linears is measured wrongly, and bits go where they do not help.
#include "core/model/scoring/divergence.h"

#include <QTest>
#include <cmath>
#include <random>

#include "tests/core/model/tiny_model.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

ModelConfig smallConfig() {
    ModelConfig config;
    config.hidden_size = 24;
    config.intermediate_size = 32;
    config.block_count = 1;
    config.head_count = 2;
    config.kv_head_count = 1;
    config.head_dim = 12;
    config.vocab_size = 4500;  // several pieces of the head, the last a short one
    return config;
}

std::vector<float> randomHidden(std::int64_t tokens, std::int64_t hidden, unsigned seed) {
    std::mt19937 engine(seed);
    std::normal_distribution<float> normal(0.0F, 2.0F);
    std::vector<float> values(static_cast<std::size_t>(tokens * hidden));
    for (auto& value : values) value = normal(engine);
    return values;
}

/// log softmax of one token's logits, in plain double arithmetic.
std::vector<double> logProbabilities(const MemoryWeights& weights, const float* hidden) {
    const auto& config = weights.config();
    const auto& norm = weights.tensors.at("model.norm.weight").values;
    const auto& head = weights.tensors.at("lm_head.weight");
    double squares = 0.0;
    for (std::int64_t i = 0; i < config.hidden_size; ++i) squares += static_cast<double>(hidden[i]) * hidden[i];
    const double scale = 1.0 / std::sqrt(squares / static_cast<double>(config.hidden_size) + config.rms_norm_eps);
    std::vector<double> logits;
    double sum = 0.0;
    for (std::int64_t v = 0; v < config.vocab_size; ++v) {
        double logit = 0.0;
        for (std::int64_t i = 0; i < config.hidden_size; ++i)
            logit += static_cast<double>(head.at(v, i)) * hidden[i] * scale * norm[static_cast<std::size_t>(i)];
        logits.push_back(logit);
        sum += std::exp(logit);
    }
    for (auto& logit : logits) logit -= std::log(sum);
    return logits;
}

double reference(const MemoryWeights& weights, const std::vector<float>& original, const float* changed) {
    const auto hidden = weights.config().hidden_size;
    const auto tokens = static_cast<std::int64_t>(original.size()) / hidden;
    double sum = 0.0;
    for (std::int64_t t = 0; t < tokens; ++t) {
        const auto p = logProbabilities(weights, original.data() + t * hidden);
        const auto q = logProbabilities(weights, changed + t * hidden);
        for (std::size_t v = 0; v < p.size(); ++v) sum += std::exp(p[v]) * (p[v] - q[v]);
    }
    return sum / static_cast<double>(tokens);
}

}  // namespace

class DivergenceTest : public QObject {
    Q_OBJECT

private slots:
    void agreesWithThePlainSum() {
        const auto weights = randomModel(smallConfig(), 3);
        for (const std::int64_t tokens : {1, 5, 131}) {  // more than are in work at a time, too
            const auto original = randomHidden(tokens, 24, 1);
            auto changed = original;
            const auto other = randomHidden(tokens, 24, 2);
            changed.insert(changed.end(), other.begin(), other.end());
            auto near = original;
            for (auto& value : near) value *= 1.0F + 0.01F * (value > 0.0F ? 1.0F : -1.0F);
            changed.insert(changed.end(), near.begin(), near.end());
            JobContext job;
            const auto found = meanDivergence(*weights, original, changed, Precision::float32, job);
            QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
            QCOMPARE(found->size(), std::size_t{3});
            QVERIFY((*found)[0] < 1e-6);  // the original itself
            for (std::size_t i = 1; i < 3; ++i) {
                const double wanted = reference(*weights, original, changed.data() + i * original.size());
                QVERIFY2(std::abs((*found)[i] - wanted) < 1e-4 * wanted + 2e-6,
                         qPrintable(QStringLiteral("%1 instead of %2").arg((*found)[i]).arg(wanted)));
            }
        }
    }

    void otherTokensAreRefusedAndStopIsHeard() {
        const auto weights = randomModel(smallConfig(), 3);
        const auto original = randomHidden(4, 24, 1);
        JobContext job;
        QVERIFY(!meanDivergence(*weights, original, randomHidden(5, 24, 1), Precision::float32, job));
        QVERIFY(!meanDivergence(*weights, std::vector<float>(7), std::vector<float>(7), Precision::float32, job));
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token());
        const auto result = meanDivergence(*weights, original, original, Precision::bfloat16, stopped);
        QVERIFY(!result && result.error().kind == ErrorKind::cancelled);
    }
};

QTEST_APPLESS_MAIN(DivergenceTest)
#include "divergence_test.moc"
