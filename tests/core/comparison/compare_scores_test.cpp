// If this fails, scores of different questions are compared as if they were the same, or of the same refused.
#include "core/comparison/compare_scores.h"

#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;

namespace {

Score textScore(double shift = 0.0) {
    Score score;
    score.benchmark = "wikitext2";
    score.metric = "perplexity";
    score.protocol = {{"window", "2048"}, {"windows", "8"}, {"precision", "float32"}, {"text_sha256", "aa"}};
    for (int i = 0; i < 8; ++i) score.window_nll.push_back(2.0 + 0.1 * i + shift * (1.0 + 0.01 * i));
    return score;
}

/// `right` of ten questions right by the sums; all right by the normalised sums.
std::vector<Score> choiceScores(int right) {
    Score score;
    score.benchmark = "piqa";
    score.metric = "acc";
    score.protocol = {{"items", "10"}, {"encoding", "separate"}, {"data_sha256", "bb"}};
    auto normalised = score;
    normalised.metric = "acc_norm";
    for (int i = 0; i < 10; ++i)
        score.items.push_back({i < right ? std::vector{-2.0, -4.0} : std::vector{-4.0, -2.0}, {9, 1}, 0});
    return {score, normalised};
}

/// MMLU as it is evaluated: the whole holds the answers, its two parts have values only.
std::vector<Score> scoresWithParts() {
    Score whole;
    whole.benchmark = "mmlu";
    whole.metric = "acc";
    whole.protocol = {{"items", "5"}, {"shots", "5"}, {"data_sha256", "bb"}};
    for (int i = 0; i < 5; ++i) whole.items.push_back({{-2.0, -4.0}, {1, 1}, 0, i % 2 == 0 ? "stem" : "humanities"});
    auto stem = whole;
    stem.metric = "acc_stem";
    stem.items.clear();
    stem.protocol["items"] = "3";
    auto humanities = stem;
    humanities.metric = "acc_humanities";
    humanities.protocol["items"] = "2";
    return {whole, stem, humanities};
}

}  // namespace

class CompareScoresTest : public QObject {
    Q_OBJECT
private slots:
    void perplexitiesAreToldApart() {
        const auto baseline = textScore();
        const auto worse = textScore(0.1);
        const auto result = compareScores({&baseline, 1}, baseline, {&worse, 1}, worse);
        QVERIFY(result && result->perplexity);
        QVERIFY(result->distinguishable);
        QVERIFY(result->difference > 0.0 && contains(result->interval, result->difference));
        const auto same = compareScores({&baseline, 1}, baseline, {&baseline, 1}, baseline);
        QVERIFY(same && !same->distinguishable);
    }
    void picksAreReadAsTheMetricReadsThem() {
        const auto baseline = choiceScores(10);
        const auto run = choiceScores(2);
        const auto result = compareScores(baseline, baseline[0], run, run[0]);
        QVERIFY(result && result->picks);
        QCOMPARE(result->picks->right_to_wrong, 8);
        QVERIFY(result->distinguishable);
        const auto normalised = compareScores(baseline, baseline[1], run, run[1]);
        QVERIFY(normalised && normalised->picks);
        QCOMPARE(normalised->picks->right_to_wrong, 0);
    }
    /// Otherwise the Questions view of an MMLU category shows answers to questions nobody can read.
    void aPartShowsItsOwnQuestions() {
        QTemporaryDir folder;
        const std::filesystem::path run(folder.path().toStdString());
        const auto scores = scoresWithParts();
        QVERIFY(!questionsOf(run, scores, scores[1]).has_value());  // none were kept
        std::vector<QuestionText> asked;
        for (int i = 0; i < 5; ++i)
            asked.push_back(
                {"q" + std::to_string(i), {"x", "y"}, scores[0].items[static_cast<std::size_t>(i)].category});
        QVERIFY(writeQuestions(run, scores[0], asked).has_value());
        const std::vector<std::vector<std::string>> wanted{
            {"q0", "q1", "q2", "q3", "q4"}, {"q0", "q2", "q4"}, {"q1", "q3"}};
        for (std::size_t part = 0; part < wanted.size(); ++part) {
            const auto found = questionsOf(run, scores, scores[part]);
            QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
            std::vector<std::string> questions;
            for (const auto& text : *found) questions.push_back(text.question);
            QCOMPARE(questions, wanted[part]);
            QCOMPARE(answersOf(scores, scores[part]).size(), questions.size());
        }
    }
    void otherProtocolsAreRefused_data() {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("window") << "window" << "512" << "the window differs (baseline 2048, run 512)";
        QTest::newRow("data") << "text_sha256" << "cc" << "the data file (SHA-256) differs";
        QTest::newRow("count") << "windows" << "9" << "the number of windows differs";
        QTest::newRow("one has more") << "shots" << "5" << "the shots differs (baseline not noted, run 5)";
    }
    void otherProtocolsAreRefused() {
        QFETCH(QString, key);
        QFETCH(QString, value);
        QFETCH(QString, sentence);
        const auto baseline = textScore();
        auto run = textScore();
        run.protocol[key.toStdString()] = value.toStdString();
        const auto result = compareScores({&baseline, 1}, baseline, {&run, 1}, run);
        QVERIFY(!result);
        QVERIFY2(QString::fromStdString(result.error().message).startsWith(sentence), result.error().message.c_str());
    }
    void precisionMayDiffer() {
        const auto baseline = textScore();
        auto run = textScore();
        run.protocol["precision"] = "bfloat16";
        QVERIFY(compareScores({&baseline, 1}, baseline, {&run, 1}, run));
    }
    void otherQuestionsAreRefused() {
        const auto baseline = choiceScores(10);
        auto run = choiceScores(10);
        run[0].items[3].gold = 1;
        QVERIFY(!compareScores(baseline, baseline[0], run, run[0]));
        auto fewer = choiceScores(10);
        fewer[0].protocol["items"] = "9";
        const auto result = compareScores(baseline, baseline[0], fewer, fewer[0]);
        QVERIFY(!result);
        QVERIFY(result.error().message.starts_with("the number of questions differs"));
    }
    void nothingKeptIsSaid() {
        auto bare = textScore();
        bare.window_nll.clear();
        QVERIFY(!compareScores({&bare, 1}, bare, {&bare, 1}, bare));
    }
};
QTEST_APPLESS_MAIN(CompareScoresTest)
#include "compare_scores_test.moc"
