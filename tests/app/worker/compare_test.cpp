// If this fails, `compare` sets the wrong scores beside each other, or a script cannot read the verdict.
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

#include "core/pipeline/recipe.h"
#include "core/run_store/run_folder.h"
#include "tests/app/worker/worker_process.h"

using namespace quantoscope;
using test::runWorker;

namespace {

Status addConfiguration(RunFolder& run, const std::string& id, double shift, int lost) {
    ConfigurationInfo info;
    info.id = id;
    info.state = "done";
    QS_TRY(run.writeConfiguration(info));
    Score text;
    text.benchmark = "wikitext2";
    text.metric = "perplexity";
    text.protocol = {{"window", id == "other" ? "512" : "2048"}, {"text_sha256", "aa"}};
    for (int i = 0; i < 16; ++i) text.window_nll.push_back(2.0 + 0.05 * i + shift);
    text.value = std::exp(2.375 + shift);
    Score questions;
    questions.benchmark = "piqa";
    questions.metric = "acc";
    questions.protocol = {{"items", "40"}, {"data_sha256", "bb"}};
    for (int i = 0; i < 40; ++i)
        questions.items.push_back({i < lost ? std::vector{-4.0, -2.0} : std::vector{-2.0, -4.0}, {}, 0});
    questions.value = accuracyOf(questions.items).value;
    return run.writeScores(id, std::vector{text, questions});
}

Status makeRun(const std::string& path) {
    QS_ASSIGN(const auto run, RunFolder::openForWriting(path));
    Recipe recipe;
    recipe.model = "nowhere";
    QS_TRY(run->writeRecipe(recipeJson(recipe)));
    QS_TRY(run->writeManifest("{}"));
    QS_TRY(addConfiguration(*run, "original", 0.0, 2));
    QS_TRY(addConfiguration(*run, "changed", 0.1, 10));
    return addConfiguration(*run, "other", 0.0, 2);
}

}  // namespace

class CompareTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const auto made = makeRun(run_.toStdString());
        QVERIFY2(made, made ? "" : made.error().message.c_str());
    }
    void figuresAreThoseOfTheStatistics() {
        const auto result = runWorker({"compare", run_, "--configuration", "changed"});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message() + result.errors));
        const auto rows = result.object["comparisons"].toArray();
        QCOMPARE(rows.size(), 2);
        const auto text = rows[0].toObject();
        QVERIFY(text["distinguishable"].toBool());
        QVERIFY(std::abs(text["ratio"].toDouble() - std::exp(0.1)) < 1e-9);
        QVERIFY(text["interval_95"].toArray()[0].toDouble() > 0.0);
        const auto questions = rows[1].toObject();
        QCOMPARE(questions["right_to_wrong"].toInt(), 8);
        QCOMPARE(questions["wrong_to_right"].toInt(), 0);
        QCOMPARE(questions["p_value"].toDouble(), 2.0 / 256.0);
        QCOMPARE(questions["test"].toString(), "exact binomial");
    }
    void otherProtocolsAreSaidNotCompared() {
        const auto result = runWorker({"compare", run_, "--configuration", "other"});
        QCOMPARE(result.exit_status, 0);
        const auto text = result.object["comparisons"].toArray()[0].toObject();
        QVERIFY(text["problem"].toString().startsWith("the window differs"));
        QVERIFY(!text.contains("difference"));
    }
    void anUnknownBaselineNamesTheKnownOnes() {
        const auto result = runWorker({"compare", run_, "--baseline", "nothing"});
        QCOMPARE(result.exit_status, 2);
        QVERIFY(result.message().contains("original"));
    }

private:
    QTemporaryDir folder_;
    QString run_ = folder_.filePath("run");
};
QTEST_GUILESS_MAIN(CompareTest)
#include "compare_test.moc"
