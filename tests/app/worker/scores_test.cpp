// If this fails, somebody without a window cannot see what a run scored, or sees a number of the study beside a run
// that was made in another way.
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

#include "core/methods/method.h"
#include "core/pipeline/recipe.h"
#include "core/run_store/run_folder.h"
#include "tests/app/worker/worker_process.h"

using namespace quantoscope;
using test::runWorker;

namespace {

Status addConfiguration(RunFolder& run, const std::string& id, std::int64_t bits) {
    ConfigurationInfo info;
    info.id = id;
    info.state = "done";
    for (const auto& method : methods())
        if (method.label == "GPTQ") info.method = method.id;
    info.options = {{"bits", bits}, {"group_size", std::int64_t{128}}};
    QS_TRY(run.writeConfiguration(info));
    Score text;
    text.benchmark = "wikitext2";
    text.metric = "perplexity";
    text.protocol = {{"window", "2048"}};
    text.window_nll = {1.875, 1.875};
    text.value = 6.5208;
    return run.writeScores(id, std::vector{text});
}

/// As a run of LLaMA-3-8B leaves it.
Status makeRun(const std::string& path, const std::string& manifest) {
    QS_ASSIGN(const auto run, RunFolder::openForWriting(path));
    Recipe recipe;
    recipe.model = "nowhere";
    QS_TRY(run->writeRecipe(recipeJson(recipe)));
    QS_TRY(run->writeManifest(manifest));
    QS_TRY(addConfiguration(*run, "gptq-w4-g128", 4));
    return addConfiguration(*run, "gptq-w7-g128", 7);
}

}  // namespace

class ScoresTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        for (const auto& [path, manifest] : {std::pair{known_, kKnown}, std::pair{unknown_, "{}"}}) {
            const auto made = makeRun(path.toStdString(), manifest);
            QVERIFY2(made, made ? "" : made.error().message.c_str());
        }
    }
    void theStudyStandsBesideTheSameSetting() {
        const auto result = runWorker({"scores", known_});
        QVERIFY2(result.exit_status == 0, qPrintable(result.message() + result.errors));
        QCOMPARE(result.object["study_model"].toString(), "LLaMA3-8B");
        const auto rows = result.object["scores"].toArray();
        QCOMPARE(rows.size(), 2);
        const auto same = rows[0].toObject();
        QCOMPARE(same["configuration"].toString(), "gptq-w4-g128");
        QCOMPARE(same["value"].toDouble(), 6.5208);
        QCOMPARE(same["study"].toObject()["value"].toDouble(), 6.5);
        QVERIFY(!rows[1].toObject().contains("study"));  // the study has no 7 bits
    }
    void anotherModelHasNone() {
        const auto result = runWorker({"scores", unknown_, "--configuration", "gptq-w4-g128"});
        QCOMPARE(result.exit_status, 0);
        const auto rows = result.object["scores"].toArray();
        QCOMPARE(rows.size(), 1);
        QVERIFY(!rows[0].toObject().contains("study"));
    }
    void wrongWordsAreSaid() {
        QCOMPARE(runWorker({"scores", known_, "--configuration", "nothing"}).exit_status, 2);
        const auto missing = runWorker({"scores", folder_.filePath("nowhere")});
        QCOMPARE(missing.exit_status, 1);
        QVERIFY(!missing.message().isEmpty());
    }

private:
    static constexpr const char* kKnown = R"({"recorded": {"study model": "LLaMA3-8B"}})";
    QTemporaryDir folder_;
    QString known_ = folder_.filePath("known");
    QString unknown_ = folder_.filePath("unknown");
};
QTEST_GUILESS_MAIN(ScoresTest)
#include "scores_test.moc"
