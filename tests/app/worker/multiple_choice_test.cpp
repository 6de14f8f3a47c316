// If this fails, multiple-choice benchmarks do not go through a run, a resumed run or the evaluate verb: scores are
// missing, made twice, or differ between a run, its evaluation afterwards and its exported checkpoint.
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/run_store/run_folder.h"
#include "tests/app/worker/worker_process.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;
using test::runWorker;

class MultipleChoiceTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QVERIFY(test::writeTinyModel(path("model").toStdString(), {.block_count = 2}).has_value());
        const QString recipe = QStringLiteral(
            "{'schema_version': 1, 'model': '%1', 'methods': [{'method': 'rtn'}], 'bits': [4, 2], 'group_sizes': [32], "
            "'evaluations': [{'benchmark': 'text', 'data': '%2/text/perplexity.txt', 'window': 64, 'limit': 3}, "
            "{'benchmark': 'piqa', 'data': '%2/benchmarks/piqa', 'limit': 20}, "
            "{'benchmark': 'winogrande', 'data': '%2/benchmarks/winogrande/dev.jsonl', 'limit': 20}], "
            "'evaluate_original': true}");
        QFile file(path("recipe.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(recipe.arg(path("model"), demo()).replace('\'', '"').toUtf8());
    }
    void aRunKeepsEveryAnswer() {
        const auto plan = runWorker({"plan", path("recipe.json")});
        QVERIFY2(plan.exit_status == 0, qPrintable(plan.message()));
        QCOMPARE(plan.object["phases"].toArray().size(), 10);
        const auto result = runWorker({"run", path("recipe.json"), "--run", path("run"), "--events"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        QCOMPARE(result.errors.count("\"event\":\"score\""), 9);
        const auto run = RunFolder::openForReading(path("run").toStdString());
        QVERIFY(run.has_value());
        for (const auto* id : {"original", "rtn-w4-g32", "rtn-w2-g32"}) {
            const auto scores = (*run)->scores(id);
            QVERIFY(scores.has_value());
            QCOMPARE(scores->size(), std::size_t{4});  // perplexity, PIQA's two, WinoGrande's one
            const auto& piqa = scores->at(1);
            QCOMPARE(piqa.metric, std::string("acc"));
            QCOMPARE(piqa.items.size(), std::size_t{20});
            QCOMPARE(accuracyOf(piqa.items).value, piqa.value);
            QCOMPARE(normalisedAccuracyOf(piqa.items).value, scores->at(2).value);
            QVERIFY(piqa.value >= 0.0 && piqa.value <= 1.0);
        }
    }
    void goingOnMakesNothingTwice() {
        const auto before = bytesOf("run/configurations/rtn-w4-g32/scores.h5");
        const auto result = runWorker({"run", path("run"), "--events"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        QVERIFY(!result.errors.contains("\"event\":\"score\""));
        QCOMPARE(bytesOf("run/configurations/rtn-w4-g32/scores.h5"), before);
        const auto again = runWorker({"run", path("recipe.json"), "--run", path("again")});
        QVERIFY2(again.exit_status == 0, qPrintable(again.message()));
        QCOMPARE(bytesOf("again/configurations/rtn-w4-g32/scores.h5"), before);
    }
    void evaluateAgreesWithTheRunAndItsExport() {
        const auto run = RunFolder::openForReading(path("run").toStdString());
        QVERIFY(run.has_value());
        const auto kept = (*run)->scores("rtn-w4-g32").value().at(1);
        const auto scored = evaluated({path("run"), "--configuration", "rtn-w4-g32"});
        QCOMPARE(scored["items"].toInt(), 20);
        QCOMPARE(scored["value"].toDouble(), kept.value);
        QCOMPARE(firstLikelihood(scored), kept.items[0].log_likelihoods[0]);
        const auto made = runWorker({"export", path("run"), "--configuration", "rtn-w4-g32", "--format", "fake-quant",
                                     "--output", path("export")});
        QVERIFY2(made.exit_status == 0, qPrintable(made.message()));
        const auto exported = evaluated({path("export"), "--weight-dtype", "source"});
        QVERIFY(std::abs(firstLikelihood(exported) / kept.items[0].log_likelihoods[0] - 1.0) < 0.02);
    }
    void wrongDataIsOneSentence() {
        auto result = runWorker({"evaluate", path("model"), "--benchmark", "piqa", "--data", demo() + "/text"});
        QCOMPARE(result.exit_status, 1);
        QVERIFY2(result.message().contains("valid.jsonl"), qPrintable(result.message()));
        result = runWorker({"evaluate", path("model"), "--benchmark", "pica"});
        QCOMPARE(result.exit_status, 2);
        QVERIFY2(result.message().contains("'piqa'"), qPrintable(result.message()));
    }

private:
    static QString demo() { return QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/resources/demo"); }
    static QJsonObject evaluated(const QStringList& target) {
        const auto result =
            runWorker(QStringList{"evaluate"} + target +
                      QStringList{"--benchmark", "piqa", "--data", demo() + "/benchmarks/piqa", "--limit", "20"});
        return result.object["scores"].toArray()[0].toObject();
    }
    static double firstLikelihood(const QJsonObject& score) {
        return score["results"].toArray()[0].toObject()["log_likelihood"].toArray()[0].toDouble();
    }
    QByteArray bytesOf(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString path(const QString& name) const { return folder_.filePath(name); }
    QTemporaryDir folder_;
};
QTEST_GUILESS_MAIN(MultipleChoiceTest)
#include "multiple_choice_test.moc"
