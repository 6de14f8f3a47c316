// If this fails, scripts that call the worker break: other exit codes, no error object, a verb that does not explain
// itself.
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include "app/worker/cli/verb.h"
#include "core/methods/method.h"
#include "tests/app/worker/worker_process.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;
using test::runWorker;

class CommandLineTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QVERIFY(test::writeTinyModel(path("model").toStdString(), {.block_count = 3}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt").toStdString(), 20000, 5).has_value());
    }
    void everyVerbExplainsItself() {
        for (const auto& verb : verbs()) {
            QProcess process;
            process.start(test::workerProgram(), {QString::fromStdString(verb.name), "--help"});
            QVERIFY(process.waitForFinished());
            QCOMPARE(process.exitCode(), 0);
            QVERIFY(process.readAllStandardOutput().contains(QByteArray::fromStdString(verb.summary)));
        }
    }
    void theReferenceIsCurrent() {
        QFile file(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/docs/reference.md"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QProcess process;
        process.start(test::workerProgram(), {"reference"});
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.readAllStandardOutput() == file.readAll(),
                 "run: quantoscope-worker reference > docs/reference.md");
    }
    void wrongUsageIsExitTwoWithAnObject() {
        auto result = runWorker({"quantise", "x"});
        QCOMPARE(result.exit_status, 2);
        QVERIFY2(result.message().contains("quantize"), qPrintable(result.message()));
        result = runWorker({"inspect"});
        QCOMPARE(result.exit_status, 2);
        result = runWorker({"inspect", path("model"), "--frobnicate"});
        QCOMPARE(result.exit_status, 2);
        QVERIFY(result.message().contains("--frobnicate"));
    }
    void aMissingModelIsExitOne() {
        const auto result = runWorker({"inspect", path("nothing-here")});
        QCOMPARE(result.exit_status, 1);
        QVERIFY(result.message().size() > 15);
    }
    void everyMethodRunsScoresAndExports_data() {
        QTest::addColumn<QString>("method");
        for (const auto& method : methods()) QTest::newRow(method.id.c_str()) << QString::fromStdString(method.id);
    }
    void everyMethodRunsScoresAndExports() {
        QFETCH(QString, method);
        const auto run = path("run-" + method);
        auto result = runWorker({"quantize", path("model"), "--method", method, "--bits", "4", "--group-size", "32",
                                 "--calibration", path("text.txt"), "--calibration-samples", "4", "--sequence-length",
                                 "64", "--sampling", "sequential", "--run", run});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message() + result.errors));
        const auto made = result.object["configurations"].toArray()[0].toObject();
        QVERIFY(made["bits_per_weight"].toDouble() > 4.0);
        result = runWorker(
            {"evaluate", run, "--benchmark", "text", "--data", path("text.txt"), "--window", "64", "--limit", "3"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        const double perplexity = result.object["scores"].toArray()[0].toObject()["value"].toDouble();
        QVERIFY(perplexity > 1.0 && perplexity < 1e6);
        result = runWorker({"export", run, "--format", "fake-quant", "--output", path("export-" + method)});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        result = runWorker({"evaluate", path("export-" + method), "--weight-dtype", "source", "--benchmark", "text",
                            "--data", path("text.txt"), "--window", "64", "--limit", "3"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        const double exported = result.object["scores"].toArray()[0].toObject()["value"].toDouble();
        QVERIFY2(std::abs(exported / perplexity - 1.0) < 0.02,
                 qPrintable(QString("%1 against %2").arg(exported).arg(perplexity)));
        result = runWorker({"verify", run, "--repeat-block", "1"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
    }
    void methodsWithoutTheirDataSaySo() {
        for (const auto& method : methods()) {
            if (method.propagation == Propagation::none) continue;
            const auto result = runWorker(
                {"quantize", path("model"), "--method", QString::fromStdString(method.id), "--run", path("none")});
            QCOMPARE(result.exit_status, 1);
            QVERIFY(result.message().contains("calibration"));
        }
    }
    void generatingGoesOnFromIds() {
        const auto result = runWorker({"generate", path("model"), "--prompt-ids", "10,20,30", "--max-new-tokens", "4",
                                       "--ignore-eos", "--top-logits", "5"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        QCOMPARE(result.object["ids"].toArray().size(), 4);
        QCOMPARE(result.object["top_logits"].toArray().size(), 5);
    }

private:
    QString path(const QString& name) const { return folder_.filePath(name); }
    QTemporaryDir folder_;
};
QTEST_GUILESS_MAIN(CommandLineTest)
#include "command_line_test.moc"
