// If this fails, questions about pictures are read wrongly from VLMEvalKit's files, a damaged file is taken for a good
// one, or such a file given to a text benchmark ends in a puzzling error.
#include "core/evaluation/pictures/picture_questions.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <set>
#include <stop_token>

#include "core/base/base64.h"
#include "core/evaluation/benchmark.h"
#include "core/evaluation/pictures/answer_list.h"
#include "core/pipeline/evaluate.h"

using namespace quantoscope;

namespace {

constexpr const char* kPictures = QUANTOSCOPE_SOURCE_DIR "/resources/demo/benchmarks/pictures/";

/// A PNG's first bytes and enough others to be longer than a reference.
std::string png(char filler = 'A') {
    return "iVBORw0KGgoAAAANSUhEUgAA" + std::string(72, filler);
}
std::string jpeg() {
    return "/9j/4AAQ" + std::string(72, 'A');
}

std::size_t bytesOf(const PictureSet& set) {
    std::size_t bytes = 0;
    for (const auto& picture : set.pictures) bytes += picture.bytes.size();
    return bytes;
}

}  // namespace

class PictureQuestionsTest : public QObject {
    Q_OBJECT

    std::filesystem::path put(const std::string& content) const {
        const auto path = std::filesystem::path(folder_.path().toStdString()) / "Set_TEST.tsv";
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    QString refusal(const std::string& content) const {
        const auto set = loadPictureQuestions(put(content), JobContext());
        return set ? QString() : QString::fromStdString(set.error().message);
    }

private slots:
    void base64IsReadStrictly_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("bytes");  // null: refused
        // RFC 4648, section 10
        QTest::newRow("none") << "" << "";
        QTest::newRow("f") << "Zg==" << "f";
        QTest::newRow("fo") << "Zm8=" << "fo";
        QTest::newRow("foobar") << "Zm9vYmFy" << "foobar";
        QTest::newRow("unpadded") << "Zg" << QString();
        QTest::newRow("padding only") << "====" << QString();
        QTest::newRow("padding inside") << "Zg==Zg==" << QString();
        QTest::newRow("foreign letter") << "Zm9-" << QString();
        QTest::newRow("line end") << "Zm9\n" << QString();
    }
    void base64IsReadStrictly() {
        QFETCH(QString, text);
        QFETCH(QString, bytes);
        const auto read = base64Bytes(text.toStdString());
        QCOMPARE(read.has_value(), !bytes.isNull());
        if (read) QCOMPARE(QByteArray(reinterpret_cast<const char*>(read->data()), std::ssize(*read)), bytes.toUtf8());
    }
    void listsOfAnswersAreReadAsPythonWritesThem() {
        using Texts = std::vector<std::string>;
        QCOMPARE(answersIn("['letter', 'LETTER']"), (Texts{"letter", "LETTER"}));
        QCOMPARE(answersIn("[\"it's\", 'a \"b\"', 'c\\'d\\n']"), (Texts{"it's", "a \"b\"", "c'd\n"}));
        for (const auto* plain : {"[2014, 2015]", "orange", "['open", "['a' 'b']", "[]", "['a'] b", "['\\x']"})
            QCOMPARE(answersIn(plain), Texts{plain});
    }
    void theDemosFilesAreReadWhole_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("questions");
        QTest::addColumn<int>("options");  // of the first question
        QTest::newRow("AI2D") << "AI2D_TEST.tsv" << 80 << 4;
        QTest::newRow("ChartQA") << "ChartQA_TEST.tsv" << 80 << 0;
        QTest::newRow("DocVQA") << "DocVQA_VAL.tsv" << 80 << 0;
        QTest::newRow("MMBench") << "MMBench_DEV_EN.tsv" << 200 << 4;
        QTest::newRow("MME") << "MME.tsv" << 96 << 0;
    }
    void theDemosFilesAreReadWhole() {
        QFETCH(QString, name);
        QFETCH(int, questions);
        QFETCH(int, options);
        const auto set = loadPictureQuestions(kPictures + name.toStdString(), JobContext());
        QVERIFY2(set.has_value(), set ? "" : set.error().message.c_str());
        QCOMPARE(std::ssize(set->questions), questions);
        QCOMPARE(std::ssize(set->questions[0].options), options);
        std::set<std::size_t> used;
        for (const auto& question : set->questions) used.insert(question.picture);
        QCOMPARE(used.size(), set->pictures.size());
        QVERIFY(bytesOf(*set) > 1000);
        QCOMPARE(set->sha256.size(), std::size_t{64});
    }
    void picturesAreSharedByReference() {
        const auto mme = loadPictureQuestions(std::string(kPictures) + "MME.tsv", JobContext());
        QVERIFY(mme.has_value());
        QCOMPARE(mme->pictures.size(), std::size_t{48});  // a yes and a no each
        QCOMPARE(mme->questions[1].picture, mme->questions[0].picture);
        QCOMPARE(mme->questions[1].answers, std::vector<std::string>{"No"});
        const auto bench = loadPictureQuestions(std::string(kPictures) + "MMBench_DEV_EN.tsv", JobContext());
        QVERIFY(bench.has_value());
        QCOMPARE(bench->pictures.size(), std::size_t{50});  // four rotations each
    }
    void rowsReadAsVlmEvalKitReadsThem() {
        const auto set = loadPictureQuestions(put("index\timage\tquestion\tA\tB\tC\tanswer\tcategory\r\n"
                                                  "7\t8\t\"two\nlines\tand a tab\"\tNone\tyes\tno\tB\tx\r\n"
                                                  "8\t" +
                                                  png() +
                                                  "\tq\ta\tb\t\tA\tnan\r\n"
                                                  "9\t" +
                                                  jpeg() + "\tq\ta\tb\tc\tC\t\r\n"),
                                              JobContext());
        QVERIFY2(set.has_value(), set ? "" : set.error().message.c_str());
        const auto& first = set->questions[0];
        QCOMPARE(first.question, std::string("two\nlines\tand a tab"));
        QCOMPARE(first.options.size(), std::size_t{2});  // an option None disappears
        QCOMPARE(first.options[0].letter, 'B');
        QCOMPARE(first.picture, set->questions[1].picture);  // of a later row
        QCOMPARE(set->questions[1].options.size(), std::size_t{2});
        QVERIFY(set->questions[1].category.empty());
        QVERIFY(set->pictures[0].format == PictureFormat::png && set->pictures[1].format == PictureFormat::jpeg);
    }
    void damagedFilesAreRefused_data() {
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("part");
        const QString header = "index\timage\tquestion\tA\tB\tanswer\n";
        const auto picture = QString::fromStdString(png());
        QTest::newRow("header only") << header << "holds no question";
        QTest::newRow("no answers") << "index\timage\tquestion\n0\tx\tq\n" << "no column 'answer'";
        QTest::newRow("cells") << header + "0\t" + picture + "\tq\n" << "line 2: the row has 3 cells, the header 6";
        QTest::newRow("twice") << header + ("0\t" + picture + "\tq\ta\tb\tA\n").repeated(2) << "line 3: the index '0'";
        QTest::newRow("base64") << header + "0\t" + picture + "!\tq\ta\tb\tA\n" << "not valid base64";
        QTest::newRow("kind") << header + "0\t" + QString(96, 'A') + "\tq\ta\tb\tA\n" << "neither PNG nor JPEG";
        QTest::newRow("dangling") << header + "0\t5\tq\ta\tb\tA\n" << "should be in row '5', which has none";
        QTest::newRow("itself") << header + "0\t0\tq\ta\tb\tA\n" << "should be in row '0'";
        QTest::newRow("letter") << header + "0\t" + picture + "\tq\ta\tNone\tB\n" << "'B' is the letter of no option";
        QTest::newRow("no answer") << header + "0\t" + picture + "\tq\ta\tb\t\n" << "the answer is missing";
        QTest::newRow("no question") << header + "0\t" + picture + "\t\ta\tb\tA\n" << "the question is missing";
        QTest::newRow("open quote") << header + "0\t" + picture + "\t\"q\ta\tb\tA\n" << "never closed";
    }
    void damagedFilesAreRefused() {
        QFETCH(QString, content);
        QFETCH(QString, part);
        const auto message = refusal(content.toStdString());
        QVERIFY2(message.contains(part), qPrintable(message));
    }
    void hugePicturesAreRefused() {
        constexpr std::size_t kTooMany = (std::size_t{32} << 20) / 3 * 4 + 64;
        const auto message =
            refusal("index\timage\tquestion\tanswer\n0\t" + png() + std::string(kTooMany, 'A') + "\tq\ta");
        QVERIFY2(message.contains("more than 32 MiB"), qPrintable(message));
    }
    void stops() {
        std::stop_source source;
        source.request_stop();
        QVERIFY(!loadPictureQuestions(std::string(kPictures) + "MME.tsv", JobContext(source.get_token())));
    }
    void textBenchmarksSayThatPicturesAreNotSupported() {
        for (const auto& benchmark : benchmarks()) {
            const auto file = benchmarkFile(benchmark, std::string(kPictures) + "ChartQA_TEST.tsv");
            QVERIFY(!file);
            const auto message = QString::fromStdString(file.error().message);
            QVERIFY2(message.contains("'ChartQA_TEST.tsv' holds questions about pictures") &&
                         message.contains("not supported yet"),
                     qPrintable(message));
        }
        QVERIFY(!isPictureQuestions(put("index of what follows\timage\n")));
        QVERIFY(!isPictureQuestions(folder_.path().toStdString()));
    }

private:
    QTemporaryDir folder_;
};

QTEST_APPLESS_MAIN(PictureQuestionsTest)
#include "picture_questions_test.moc"
