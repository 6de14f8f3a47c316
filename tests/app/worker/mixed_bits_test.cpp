// If this fails, a model made for a size does not have the bits that were assigned to it, or is larger than asked.
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include "core/methods/method.h"
#include "core/mixed_bits/layer_bits.h"
#include "core/run_store/run_folder.h"
#include "tests/app/worker/worker_process.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;
using test::runWorker;

class MixedBitsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QVERIFY(test::writeTinyModel(path("model").toStdString(), {.block_count = 3}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt").toStdString(), 20000, 5).has_value());
    }

    void sweepAssignRun_data() {
        QTest::addColumn<QString>("method");
        for (const auto& method : methods()) QTest::newRow(method.id.c_str()) << QString::fromStdString(method.id);
    }

    void sweepAssignRun() {
        QFETCH(QString, method);
        auto recipe = test::sampleRecipe(path("model").toStdString(), path("text.txt").toStdString());
        recipe.methods = {{method.toStdString(), {}}};
        recipe.bits = {8, 4, 2};
        recipe.group_sizes = {32};
        write(path("sweep.json"), recipe);
        auto result = runWorker({"run", path("sweep.json"), "--run", path("sweep-" + method)});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));

        result = runWorker({"assign", path("sweep-" + method), "--bits-per-weight", "5.5"});
        QVERIFY2(result.exit_status == 1 && result.message().contains("sensitivity"), qPrintable(result.message()));
        result = runWorker({"sensitivity", path("sweep-" + method), "--samples", "1", "--sequence-length", "64"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        QCOMPARE(result.object["linears"].toArray().size(), 21);
        QVERIFY(result.object["configuration"].toString().startsWith(method + "-w4-"));

        result = runWorker({"assign", path("sweep-" + method), "--bits-per-weight", "5.5", "--pin", "1.v_proj=2",
                            "--recipe", path("mixed.json"), "--curve"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        const auto assigned = result.object;
        QVERIFY(assigned["bits_per_weight"].toDouble() <= 5.5);
        QVERIFY(assigned["curve"].toArray().size() > 3);
        QCOMPARE(assigned["linears"].toArray().size(), 21);
        QCOMPARE(assigned["measured"].toArray().size(), 3);

        result = runWorker({"run", path("mixed.json"), "--run", path("mixed-" + method)});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        const auto made = result.object["configurations"].toArray().last().toObject();  // the original stands first
        QVERIFY2(std::abs(made["bits_per_weight"].toDouble() - assigned["bits_per_weight"].toDouble()) < 1e-6,
                 qPrintable(QStringLiteral("%1 made, %2 assigned as %3 %4")
                                .arg(made["bits_per_weight"].toDouble())
                                .arg(assigned["bits_per_weight"].toDouble())
                                .arg(assigned["bits"].toInt())
                                .arg(assigned["layer_bits"].toString())));
        checkCodes(path("mixed-" + method), made["id"].toString(), assigned["linears"].toArray());

        result = runWorker(
            {"assign", path("sweep-" + method), "--bits-per-weight", "5.5", "--with", path("mixed-" + method)});
        const auto measured = result.object["measured"].toArray();
        QCOMPARE(measured.size(), 4);
        QVERIFY(measured[3].toObject()["perplexity"].toDouble() > 1.0);
        result = runWorker({"verify", path("mixed-" + method), "--repeat-block", "1"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
    }

    void skippedLinearsStayAsTheyAre() {
        const auto all_skipped = path("skip");
        auto result = runWorker({"quantize", path("model"), "--method", first(), "--group-size", "32", "--layer-bits",
                                 "*.*=skip", "--run", all_skipped});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        QCOMPARE(result.object["configurations"].toArray()[0].toObject()["bits_per_weight"].toDouble(), 16.0);
        const auto scored = perplexity(all_skipped);
        QCOMPARE(scored, perplexity(path("model")));
        result = runWorker({"export", all_skipped, "--format", "fake-quant", "--output", path("skip-export")});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        QCOMPARE(perplexity(path("skip-export")), scored);
    }

    void formatsHoldMixedBitsOrSayWhyNot() {
        const auto run = path("mixed");
        auto result = runWorker({"quantize", path("model"), "--method", first(), "--bits", "4", "--group-size", "32",
                                 "--layer-bits", "1-2.*=3,*.v_proj=2", "--run", run});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
        result = runWorker({"export", run, "--format", "gptq", "--output", path("gptq")});
        QCOMPARE(result.exit_status, 1);
        QVERIFY2(result.message().contains("one width"), qPrintable(result.message()));
        for (const auto* format : {"awq", "fake-quant"}) {
            result = runWorker({"export", run, "--format", format, "--output", path(format)});
            QVERIFY2(result.exit_status == 0, qPrintable(result.message()));
            QVERIFY(std::abs(perplexity(path(format)) / perplexity(run) - 1.0) < 0.02);
        }
        result = runWorker({"quantize", path("model"), "--method", first(), "--layer-bits", "3.v_prj=2", "--run", run});
        QVERIFY2(result.exit_status == 2 && result.message().contains("'v_proj'"), qPrintable(result.message()));
        result = runWorker({"quantize", path("model"), "--method", first(), "--group-size", "32", "--layer-bits",
                            "3.v_proj=2", "--run", path("none")});
        QVERIFY2(result.exit_status != 0 && result.message().contains("last block is 2"), qPrintable(result.message()));
    }

private:
    QString path(const QString& name) const { return folder_.filePath(name); }
    /// A method that needs no data.
    static QString first() {
        for (const auto& method : methods())
            if (method.propagation == Propagation::none) return QString::fromStdString(method.id);
        return {};
    }
    static void write(const QString& file_path, const Recipe& recipe) {
        QFile file(file_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(recipeJson(recipe)));
    }
    double perplexity(const QString& target) const {
        const auto result = runWorker(
            {"evaluate", target, "--benchmark", "text", "--data", path("text.txt"), "--window", "64", "--limit", "3"});
        return result.object["scores"].toArray()[0].toObject()["value"].toDouble();
    }
    static void checkCodes(const QString& folder, const QString& id, const QJsonArray& linears) {
        const auto run = RunFolder::openForReading(folder.toStdString());
        QVERIFY(run.has_value());
        std::map<std::int64_t, int> seen;
        for (const auto& value : linears) {
            const auto wanted = value.toObject();
            const auto block = wanted["block"].toInteger();
            const auto codes = (*run)->codes(id.toStdString(), block);
            QVERIFY(codes.has_value());
            for (const auto role : kLinearRoles)
                if (wanted["linear"].toString().toStdString() == linearName(role)) {
                    QCOMPARE(codes->linears[static_cast<std::size_t>(role)]->bits, wanted["bits"].toInt());
                    if (block == 1 && role == LinearRole::v_proj) QCOMPARE(wanted["bits"].toInt(), 2);
                    ++seen[wanted["bits"].toInteger()];
                }
        }
        QVERIFY(seen.size() >= 2);
    }

    QTemporaryDir folder_;
};

QTEST_APPLESS_MAIN(MixedBitsTest)
#include "mixed_bits_test.moc"
