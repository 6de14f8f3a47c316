// If this fails, a number of the study stands beside a run of ours that was made in another way.
#include "core/study/study_scores.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/methods/method.h"

using namespace quantoscope;

namespace {

std::vector<StudyScore> shipped() {
    return readStudyScores(std::string(QUANTOSCOPE_SOURCE_DIR) + "/resources/study/scores.json")
        .value_or(std::vector<StudyScore>());
}

ConfigurationInfo gptq(std::int64_t bits, std::int64_t group_size) {
    ConfigurationInfo info;
    info.id = "run";
    for (const auto& method : methods())
        if (method.label == "GPTQ") info.method = method.id;
    info.options = {{"bits", bits}, {"group_size", group_size}};
    return info;
}

Score perplexity(const char* window) {
    Score score;
    score.benchmark = "wikitext2";
    score.metric = "perplexity";
    score.protocol = {{"window", window}};
    return score;
}

}  // namespace

class StudyScoresTest : public QObject {
    Q_OBJECT

private slots:
    void theTableIsWhole() {
        const auto study = shipped();
        QVERIFY(study.size() > 700);
        for (const auto& row : study) QVERIFY(row.table >= 1 && row.table <= 12 && row.value > 0.0);
    }

    void modelsAreKnownByTheirShape() {
        ModelConfig config;
        config.architecture = "llama";
        config.hidden_size = 4096;
        config.block_count = 32;
        config.intermediate_size = 14336;
        config.vocab_size = 128256;
        config.context_length = 8192;
        QCOMPARE(studyModel(config), std::string("LLaMA3-8B"));
        config.context_length = 131072;  // 3.1 is another model
        QCOMPARE(studyModel(config), std::string());
        config.intermediate_size = 11008;
        config.vocab_size = 32000;
        config.context_length = 4096;
        QCOMPARE(studyModel(config), std::string("LLaMA2-7B"));
    }

    void onlyTheSameSettingHasAGhost() {
        const auto study = shipped();
        const auto four = studyScoreOf(study, "LLaMA3-8B", gptq(4, 128), perplexity("2048"));
        QVERIFY(four && four->table == 1);
        QCOMPARE(four->value, 6.5);
        const auto original = studyScoreOf(study, "LLaMA3-8B", ConfigurationInfo(), perplexity("2048"));
        QVERIFY(original);
        QCOMPARE(original->value, 6.1);
        QVERIFY(!studyScoreOf(study, "", gptq(4, 128), perplexity("2048")));
        QVERIFY(!studyScoreOf(study, "LLaMA3-8B", gptq(4, 64), perplexity("2048")));
        QVERIFY(!studyScoreOf(study, "LLaMA3-8B", gptq(4, 128), perplexity("512")));
        auto mixed = gptq(4, 128);
        mixed.layer_bits = "*.v_proj=8";
        QVERIFY(!studyScoreOf(study, "LLaMA3-8B", mixed, perplexity("2048")));
    }

    void categoriesHaveTheirOwn() {
        Score score;
        score.benchmark = "mmlu";
        score.metric = "acc_social_sciences";
        const auto found = studyScoreOf(shipped(), "LLaMA3-8B", gptq(4, 128), score);
        QVERIFY(!found || found->metric == "mmlu_social");
        score.metric = "acc";
        const auto average = studyScoreOf(shipped(), "LLaMA3-8B", gptq(4, 128), score);
        QVERIFY(!average || average->metric == "mmlu_average");
    }

    void aDamagedTableIsRefused() {
        QTemporaryDir folder;
        const auto refused = [&](const char* text) {
            const std::string path = folder.filePath("scores.json").toStdString();
            std::ofstream(path) << text;
            return !readStudyScores(path).has_value();
        };
        QVERIFY(refused("{}"));
        QVERIFY(refused("[]"));
        QVERIFY(refused(R"({"rows": [[1, "LLaMA3-8B"]]})"));
        QVERIFY(refused(R"({"rows": [[1, "LLaMA3-8B", "RTN", "four", 16, -1, "wikitext2_ppl", 6.1]]})"));
        QVERIFY(!readStudyScores("/no/such/file").has_value());
    }
};

QTEST_MAIN(StudyScoresTest)
#include "study_scores_test.moc"
