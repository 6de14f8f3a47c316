// If this fails, a person sees that a question flipped but not which, or is shown the questions of another benchmark.
#include "core/run_store/question_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace quantoscope;

class QuestionFileTest : public QObject {
    Q_OBJECT

private slots:
    void whatWasAskedComesBack() {
        QTemporaryDir folder;
        const std::filesystem::path run(folder.path().toStdString());
        const std::vector<QuestionText> asked{{"Wo wächst \"Reis\"?\nA. dort", {"A", "B\n"}, "stem"}, {"", {"x"}, ""}};
        QVERIFY(writeQuestions(run, score("piqa", "aa", "2"), asked).has_value());
        const auto found = readQuestions(run, score("piqa", "aa", "2"));
        QVERIFY2(found.has_value(), found ? "" : found.error().message.c_str());
        QCOMPARE(found->size(), asked.size());
        for (std::size_t i = 0; i < asked.size(); ++i) {
            QCOMPARE((*found)[i].question, asked[i].question);
            QCOMPARE((*found)[i].choices, asked[i].choices);
            QCOMPARE((*found)[i].category, asked[i].category);
        }
    }

    void otherQuestionsAreNotTaken() {
        QTemporaryDir folder;
        const std::filesystem::path run(folder.path().toStdString());
        const std::vector<QuestionText> asked{{"q", {"x", "y"}, ""}};
        QVERIFY(writeQuestions(run, score("piqa", "aa", "1"), asked).has_value());
        for (const auto& other : {score("piqa", "bb", "1"), score("piqa", "aa", "2"), score("arc_easy", "aa", "1")}) {
            const auto found = readQuestions(run, other);
            QVERIFY(!found.has_value());
            QVERIFY(found.error().message.find("were not kept") != std::string::npos);
        }
    }

    void damagedFilesAreRefused_data() {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no list") << QByteArray("{}");
        QTest::newRow("a list of numbers") << QByteArray(R"({"questions":[1,2]})");
        QTest::newRow("choices that are none") << QByteArray(R"({"questions":[{"choices":7}]})");
        QTest::newRow("newer") << QByteArray(R"({"format_version":9,"questions":[]})");
        QTest::newRow("cut off") << QByteArray(R"({"questions":[{"choices")");
    }
    void damagedFilesAreRefused() {
        QFETCH(QByteArray, content);
        QTemporaryDir folder;
        const std::filesystem::path run(folder.path().toStdString());
        const std::vector<QuestionText> asked{{"q", {"x", "y"}, ""}};
        QVERIFY(writeQuestions(run, score("piqa", "aa", "1"), asked).has_value());
        const auto name = QDir(folder.filePath("questions")).entryList(QDir::Files).value(0);
        QFile file(folder.filePath("questions/" + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
        file.close();
        const auto found = readQuestions(run, score("piqa", "aa", "1"));
        QVERIFY(!found.has_value());
        QVERIFY(!found.error().message.empty());
    }

private:
    static Score score(const char* benchmark, const char* data, const char* items) {
        Score score;
        score.benchmark = benchmark;
        score.protocol = {{"data_sha256", data}, {"items", items}, {"precision", "float32"}};
        return score;
    }
};

QTEST_GUILESS_MAIN(QuestionFileTest)
#include "question_file_test.moc"
