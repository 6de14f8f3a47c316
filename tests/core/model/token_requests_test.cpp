// If this fails, what a question's choices share is not computed as if each were read alone: accuracies depend on which
// questions are scored together.
#include <QTest>
#include <cmath>
#include <limits>

#include "core/model/language_model.h"
#include "core/model/scoring/token_request.h"
#include "tests/core/model/some_requests.h"
#include "tests/core/model/tiny_model.h"

using namespace quantoscope;
using namespace quantoscope::test;

class TokenRequestsTest : public QObject {
    Q_OBJECT
private slots:
    void sharingChangesNoByte_data() {
        QTest::addColumn<int>("precision");
        QTest::newRow("float32") << static_cast<int>(Precision::float32);
        QTest::newRow("bfloat16") << static_cast<int>(Precision::bfloat16);
    }
    void sharingChangesNoByte() {
        QFETCH(int, precision);
        const auto weights = randomModel(smallConfig(), 3);
        const auto requests = someRequests();
        JobContext job;
        const auto together = tokenLogProbabilities(*weights, requests, static_cast<Precision>(precision), job);
        QVERIFY2(together.has_value(), together ? "" : together.error().message.c_str());
        for (std::size_t i = 0; i < requests.size(); i += 5) {
            const std::vector<std::vector<std::int32_t>> alone{requests[i].ids};
            const auto nll = evaluateNll(*weights, alone, static_cast<Precision>(precision), job);
            QVERIFY(nll.has_value());
            QCOMPARE(together->at(i).size(), nll->front().size());
            for (std::size_t t = 0; t < nll->front().size(); ++t)
                QCOMPARE(static_cast<float>(-together->at(i)[t]), nll->front()[t]);
        }
    }
    void requestsThatCannotBeAreRefused() {
        const auto weights = randomModel(smallConfig(), 3);
        const auto refused = [&](TokenRequest request) {
            JobContext job;
            return !tokenLogProbabilities(*weights, std::span(&request, 1), Precision::float32, job).has_value();
        };
        QVERIFY(refused({{}, {}, 0}));
        QVERIFY(refused({{1, 2}, {{2, 3}}, 0}));
        QVERIFY(refused({{1, 2}, {{-1, 3}}, 0}));
        QVERIFY(refused({{1, 2}, {{1, 300}}, 0}));
        QVERIFY(refused({{1, 300}, {{1, 3}}, 0}));
        QVERIFY(!refused({{1, 2}, {{1, 3}}, 0}));
        QVERIFY(!refused({{1, 2}, {}, 0}));
        JobContext job;
        QVERIFY(tokenLogProbabilities(*weights, {}, Precision::float32, job)->empty());
    }
    void aBrokenModelGivesNaN() {
        const auto weights = randomModel(smallConfig(), 3);
        for (auto& value : weights->tensors.find("model.norm.weight")->second.values)
            value = std::numeric_limits<float>::quiet_NaN();
        JobContext job;
        const std::vector<TokenRequest> requests{{{1, 2}, {{1, 3}}, 0}};
        const auto result = tokenLogProbabilities(*weights, requests, Precision::float32, job);
        QVERIFY(result.has_value() && std::isnan(result->front().front()));
    }
    void stoppingAnswers() {
        std::stop_source stop;
        stop.request_stop();
        const auto weights = randomModel(smallConfig(), 3);
        JobContext job(stop.get_token());
        const auto requests = someRequests();
        const auto result = tokenLogProbabilities(*weights, requests, Precision::float32, job);
        QVERIFY(!result && result.error().kind == ErrorKind::cancelled);
    }
};
QTEST_APPLESS_MAIN(TokenRequestsTest)
#include "token_requests_test.moc"
