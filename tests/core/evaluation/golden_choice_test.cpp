// If this fails, the real example model's answers to multiple-choice questions differ from those of the original
// harness: accuracies cannot be compared with papers.
#include <QTest>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/formats/model_files.h"
#include "core/pipeline/evaluate.h"
#include "tests/core/model/tiny_model.h"
#include "tests/support/test_files.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr int kMostQuestions = 2;  // instrumented, a question takes seconds
#else
constexpr int kMostQuestions = 100;
#endif

}  // namespace

class GoldenChoiceTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const auto path = exampleModel();
        if (path.isEmpty() || sharedFile(QStringLiteral("golden/smollm2/zeroshot_piqa.json")).isEmpty())
            QSKIP("needs the example model and ../shared/golden/smollm2");
        const auto files = ModelFiles::open(path.toStdString());
        QVERIFY2(files.has_value(), files ? "" : files.error().message.c_str());
        model_ = (*files)->path();
        weights_ = (*files)->weights(WeightDType::bfloat16).value();
    }
    void likelihoodsAndPicksAreTheGoldenOnes_data() {
        QTest::addColumn<QString>("benchmark");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("limit");
        QTest::newRow("piqa") << "piqa" << "piqa" << 8;
        QTest::newRow("arc_easy") << "arc_easy" << "arc" << 8;
        QTest::newRow("arc_challenge") << "arc_challenge" << "arc" << 8;
        QTest::newRow("hellaswag") << "hellaswag" << "hellaswag" << 4;
        QTest::newRow("winogrande") << "winogrande" << "winogrande" << 12;
    }
    void likelihoodsAndPicksAreTheGoldenOnes() {
        QFETCH(QString, benchmark);
        QFETCH(QString, folder);
        QFETCH(int, limit);
        const auto data = sharedFile(QStringLiteral("data/") + folder);
        if (data.isEmpty()) QSKIP("needs ../shared/data");
        EvaluationRecipe evaluation;
        evaluation.benchmark = benchmark.toStdString();
        evaluation.data = data.toStdString();
        evaluation.limit = std::min(limit, kMostQuestions);
        evaluation.precision = Precision::float32;
        JobContext job;
        const auto inputs = evaluationInputs(evaluation, model_, weights_->config(), job);
        QVERIFY2(inputs.has_value(), inputs ? "" : inputs.error().message.c_str());
        const auto scores = evaluate(*weights_, evaluation, *inputs, job);
        QVERIFY2(scores.has_value(), scores ? "" : scores.error().message.c_str());
        checkItems(readJson(sharedFile(QStringLiteral("golden/smollm2/zeroshot_%1.json").arg(benchmark))),
                   scores->front().items);
    }

private:
    /// The golden file's tolerance: 2e-3 and 2e-4 of the value; picks agree unless the best two are closer than that.
    static void checkItems(const nlohmann::json& golden, const std::vector<ChoiceResult>& items) {
        double worst = 0.0;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto& wanted = golden["values"]["items"][i];
            const auto& item = items[i];
            QCOMPARE(item.gold, wanted["gold"].get<std::int64_t>());
            QCOMPARE(item.log_likelihoods.size(), wanted["ll"].size());
            for (std::size_t k = 0; k < item.log_likelihoods.size(); ++k) {
                const double value = wanted["ll"][k].get<double>();
                const double difference = std::abs(item.log_likelihoods[k] - value);
                worst = std::max(worst, difference);
                QVERIFY2(difference < 2e-3 + 2e-4 * std::abs(value), qPrintable(QString::number(difference)));
            }
            QCOMPARE(pickOf(item) == item.gold, wanted["acc"].get<double>() > 0.5);
            if (wanted.contains("acc_norm") && wanted["acc_norm"].is_number())
                QCOMPARE(normalisedPickOf(item) == item.gold, wanted["acc_norm"].get<double>() > 0.5);
        }
        qInfo("worst difference of a log-likelihood: %g", worst);
    }

    std::filesystem::path model_;
    std::shared_ptr<const WeightSource> weights_;
};
QTEST_APPLESS_MAIN(GoldenChoiceTest)
#include "golden_choice_test.moc"
