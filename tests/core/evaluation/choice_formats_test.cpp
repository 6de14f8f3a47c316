// If this fails, multiple-choice questions are read, cleaned or put to the model otherwise than the published protocol
// says, or a damaged file is taken for a good one.
#include "core/evaluation/choice/choice_formats.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "core/evaluation/benchmark.h"
#include "core/evaluation/choice/choice_requests.h"
#include "core/evaluation/choice/hellaswag_text.h"
#include "tests/core/evaluation/word_tokenizer.h"
#include "tests/support/test_files.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

/// JSON with its quotes written as apostrophes.
std::string json(std::string text) {
    std::ranges::replace(text, '\'', '"');
    return text;
}

const std::string kGoodPiqa = json("{'goal': 'g', 'sol1': 'a', 'sol2': 'b'}");

Result<ChoiceSet> loadFrom(const char* benchmark, const std::filesystem::path& data, std::int64_t limit = 0) {
    QS_ASSIGN(const auto* found, findBenchmark(benchmark));
    QS_ASSIGN(const auto file, benchmarkFile(*found, data));
    return found->load(file, {.limit = limit}, JobContext());
}

std::filesystem::path demo(const char* folder) {
    return std::filesystem::path(QUANTOSCOPE_SOURCE_DIR "/resources/demo/benchmarks") / folder;
}

}  // namespace

class ChoiceFormatsTest : public QObject {
    Q_OBJECT

    std::filesystem::path put(const char* name, const std::string& content) const {
        const auto path = std::filesystem::path(folder_.path().toStdString()) / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    /// The message that this content of a file is refused with; empty when it is taken.
    QString refusal(const char* benchmark, const std::string& content) const {
        const auto set = loadFrom(benchmark, put("file.jsonl", content));
        return set ? QString() : QString::fromStdString(set.error().message);
    }

private slots:
    void hellaSwagTextsAreCleanedAsPublished() {
        const std::string context = "Home: " + std::string(
                                                   "[header] How to fix a USB port [title] Turn it off. "
                                                   "[step] Wait");
        QCOMPARE(hellaSwagCleaned(context + " "), std::string("Home: How to fix a USB port. Turn it off. Wait"));
        QCOMPARE(hellaSwagCleaned(" [substeps] Do this.   [step]  Then that."), std::string(" Do this.   Then that."));
        QCOMPARE(hellaSwagCleaned("a [b\nc] d [e]"), std::string("a [b\nc] d "));
        QCOMPARE(hellaSwagCleaned("x     y"), std::string("x   y"));
        QCOMPARE(capitalized("the US man"), std::string("The us man"));
        QCOMPARE(capitalized(""), std::string());
        QCOMPARE(capitalized("ÉTÉ Ω"), std::string("Été ω"));
        QCOMPARE(capitalized("źDŹBŁO ж"), std::string("Źdźbło ж"));
    }
    void hellaSwagPromptsFollowTheLine() {
        const auto set =
            loadFrom("hellaswag", put("h.jsonl", json("{'activity_label': 'X', 'ctx_a': 'a.', 'ctx_b': 'the US man', "
                                                      "'endings': ['é', ' b [x] '], 'label': 1}")));
        QVERIFY2(set.has_value(), set ? "" : set.error().message.c_str());
        const auto& item = set->items.front();
        QCOMPARE(item.choices[0].context, std::string("X: a. The us man"));
        QCOMPARE(item.choices[0].length, 1);
        QCOMPARE(item.choices[1].continuation, std::string(" b "));
        QCOMPARE(item.gold, 1);
    }
    void winoGrandePutsTheOptionIntoTheContext() {
        const auto set =
            loadFrom("winogrande",
                     put("w.jsonl", json("{'sentence': 'Sarah was a much better surgeon than Maria so _ always got the "
                                         "easier cases.', 'option1': 'Sarah', 'option2': 'Maria', 'answer': '2'}")));
        QVERIFY2(set.has_value(), set ? "" : set.error().message.c_str());
        const auto& choices = set->items.front().choices;
        QVERIFY(choices[0].context.ends_with(" so Sarah") && choices[1].context.ends_with(" so Maria"));
        QCOMPARE(choices[1].continuation, std::string(" always got the easier cases."));
        QCOMPARE(set->items.front().gold, 1);
    }
    void arcAnswersMayBeDigits() {
        const auto line = [](const char* labels, const char* key) {
            std::string text = json("{'question': {'stem': 's', 'choices': [");
            for (const char* label = labels; *label != 0; ++label)
                text += std::string(label == labels ? "" : ",") + json("{'text': 't', 'label': '") + *label + "\"}";
            return text + json("]}, 'answerKey': '") + key + "\"}\n";
        };
        const auto set =
            loadFrom("arc_easy", put("a.jsonl", line("1234", "3") + line("ABCDE", "E") + line("ABC", "2")));
        QVERIFY2(set.has_value(), set ? "" : set.error().message.c_str());
        QCOMPARE(set->items[0].gold, 2);
        QCOMPARE(set->items[1].gold, 4);
        QCOMPARE(set->items[1].choices.size(), std::size_t{5});
        QCOMPARE(set->items[2].gold, 1);
        QCOMPARE(set->items[0].choices[0].context, std::string("Question: s\nAnswer:"));
    }
    void thePublishedFilesAreRead_data() {
        QTest::addColumn<QString>("benchmark");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("items");
        QTest::newRow("piqa") << "piqa" << "data/piqa" << 1838;
        QTest::newRow("arc_easy") << "arc_easy" << "data/arc" << 2376;
        QTest::newRow("arc_challenge") << "arc_challenge" << "data/arc" << 1172;
        QTest::newRow("hellaswag sample") << "hellaswag" << "data/hellaswag" << 60;
        QTest::newRow("winogrande sample") << "winogrande" << "data/winogrande" << 60;
    }
    void thePublishedFilesAreRead() {
        QFETCH(QString, benchmark);
        QFETCH(QString, folder);
        QFETCH(int, items);
        const auto data = sharedFile(folder);
        if (data.isEmpty()) QSKIP("needs ../shared/data");
        const auto set = loadFrom(benchmark.toLatin1(), data.toStdString());
        QVERIFY2(set.has_value(), set ? "" : set.error().message.c_str());
        QCOMPARE(set->items.size(), static_cast<std::size_t>(items));
        const auto part = loadFrom(benchmark.toLatin1(), data.toStdString(), 7);
        QCOMPARE(part->items.size(), std::size_t{7});
        QCOMPARE(part->sha256, set->sha256);
        if (benchmark != "piqa") return;
        QCOMPARE(set->items[0].choices[0].context,
                 std::string("Question: How do I ready a guinea pig cage for it's new occupants?\nAnswer:"));
        QCOMPARE(set->items[1].choices[0].continuation, std::string(" replace drawer with bobby pin "));
        QCOMPARE(std::ranges::count(set->items, 0, &ChoiceItem::gold), 910);
    }
    void theDemosFilesAreRead_data() {
        QTest::addColumn<QString>("benchmark");
        QTest::addColumn<QString>("folder");
        QTest::newRow("piqa") << "piqa" << "piqa";
        QTest::newRow("arc_easy") << "arc_easy" << "arc";
        QTest::newRow("arc_challenge") << "arc_challenge" << "arc";
        QTest::newRow("hellaswag") << "hellaswag" << "hellaswag";
        QTest::newRow("winogrande") << "winogrande" << "winogrande";
    }
    void theDemosFilesAreRead() {
        QFETCH(QString, benchmark);
        QFETCH(QString, folder);
        const auto set = loadFrom(benchmark.toLatin1(), demo(folder.toLatin1()));
        QVERIFY2(set.has_value(), set ? "" : set.error().message.c_str());
        QCOMPARE(set->items.size(), std::size_t{100});
    }
    void damagedFilesNameTheLine() {
        put("file-labels.lst", "0\n");
        QVERIFY(refusal("piqa", kGoodPiqa).isEmpty());
        QVERIFY(refusal("piqa", std::string(kGoodPiqa) + "\n" + kGoodPiqa).contains("2 questions"));
        QVERIFY(refusal("piqa", "{\"goal\": 1}").contains("line 1: 'goal' is not a text"));
        QVERIFY(refusal("piqa", "\n{\"goal\": \"").contains("line 2"));
        QVERIFY(refusal("piqa", "[]").contains("not a JSON object"));
        QVERIFY(refusal("piqa", " \n").contains("no question") || refusal("piqa", " \n").contains("0 questions"));
        put("file-labels.lst", "2\n");
        QVERIFY(refusal("piqa", kGoodPiqa).contains("file-labels.lst', line 1"));
        QVERIFY(refusal("hellaswag", json("{'activity_label':'','ctx_a':'','ctx_b':'','endings':['a','b']}"))
                    .contains("hellaswag_val.jsonl"));
        QVERIFY(refusal("hellaswag", json("{'activity_label':'','ctx_a':'','ctx_b':'','endings':['a','b'],'label':2}"))
                    .contains("from 0 to 1"));
        QVERIFY(refusal("hellaswag", json("{'activity_label':'','ctx_a':'','ctx_b':'','endings':['a',1],'label':0}"))
                    .contains("not a text"));
        QVERIFY(refusal("winogrande", json("{'sentence':'no blank','option1':'a','option2':'b','answer':'1'}"))
                    .contains("'_'"));
        QVERIFY(refusal("winogrande", json("{'sentence':'_ x','option1':'a','option2':'b','answer':''}"))
                    .contains("test split"));
        QVERIFY(refusal("arc_easy", json("{'question':{'stem':'s','choices':[]},'answerKey':'A'}")).contains("0"));
        QVERIFY(refusal("arc_easy", json("{'question':{'stem':'s','choices':[{'text':'a','label':'A'},{'text':'b','"
                                         "label':'B'}]},'answerKey':'Z'}"))
                    .contains("'Z'"));
        QVERIFY(refusal("arc_easy", std::string(300, '[')).contains("line 1"));
        QVERIFY(refusal("arc_easy", "\xFF\xFE").contains("UTF-8"));
        const auto alone = loadFrom("piqa", put("alone.jsonl", kGoodPiqa));
        QVERIFY(!alone && alone.error().message.find("alone-labels.lst") != std::string::npos);
        const auto folder = loadFrom("hellaswag", demo("piqa"));
        QVERIFY(!folder && folder.error().message.find("hellaswag_val.jsonl") != std::string::npos);
    }
    void contextAndChoiceAreEncodedApartOrTogether() {
        const WordTokenizer tokenizer;
        const std::vector<ChoiceItem> items{{{{"a ", " b", 1}, {"a ", " c d", 3}}, 0}};
        const auto apart = choiceRequests(items, tokenizer, ChoiceEncoding::separate, 0, JobContext());
        QVERIFY(apart.has_value());
        QCOMPARE(tokenizer.seen(), (std::vector<std::string>{"a ", " b", " c d"}));
        QCOMPARE(apart->at(0).ids.size(), std::size_t{2});  // "a" and " "; " b" is what is scored
        QCOMPARE(apart->at(1).scored.size(), std::size_t{2});
        const auto together = choiceRequests(items, tokenizer, ChoiceEncoding::joint, 0, JobContext());
        QVERIFY(together.has_value());
        QCOMPARE(tokenizer.seen(), (std::vector<std::string>{"a", "a  b", "a  c d"}));
        QCOMPARE(together->at(0).scored.front().position, 0);
    }
    void longContextsLoseTheirBeginning() {
        const WordTokenizer tokenizer;
        const std::vector<ChoiceItem> items{{{{"a b c d", " e f", 3}, {"a b c d", " e", 1}}, 0}};
        const auto requests = choiceRequests(items, tokenizer, ChoiceEncoding::separate, 3, JobContext());
        QVERIFY(requests.has_value());
        QCOMPARE(requests->at(0).ids.size(), std::size_t{3});
        QCOMPARE(requests->at(0).scored.size(), std::size_t{2});
        QCOMPARE(requests->at(0).scored[0].position, 1);
        const std::vector<ChoiceItem> empty{{{{"", " e", 1}, {"a", "", 0}}, 0}};
        const auto refused = choiceRequests(empty, tokenizer, ChoiceEncoding::separate, 0, JobContext());
        QVERIFY(!refused && refused.error().message.find("question 1 has an empty context") != std::string::npos);
    }

private:
    QTemporaryDir folder_;
};
QTEST_APPLESS_MAIN(ChoiceFormatsTest)
#include "choice_formats_test.moc"
