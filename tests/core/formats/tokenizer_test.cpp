// If this fails, text becomes other ids than in the model's own tokenizer: every perplexity and every answer is wrong,
// or a damaged tokenizer file is taken for a good one.
#include "core/formats/tokenizer.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

#include "tests/support/test_files.h"

using namespace quantoscope;
using Json = nlohmann::json;
using Ids = std::vector<std::int32_t>;

namespace {
std::string read(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

Json golden(const QString& path) {
    return Json::parse(read(path));
}

/// The published protocol of WikiText2: blank rows become empty, rows are joined with two newlines.
std::string joinedRows(const std::string& text) {
    std::string joined;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        const std::string row = text.substr(begin, end - begin);
        if (begin > 0) joined += "\n\n";
        if (row.find_first_not_of(" \t\r\n") != std::string::npos) joined += row;
        begin = end;
    }
    return joined;
}

void compareStream(const Ids& ids, const Json& expected) {
    QCOMPARE(ids.size(), expected["count"].get<std::size_t>());
    std::int64_t sum = 0;
    std::int64_t hash = 0;
    for (const std::int32_t id : ids) {
        sum += id;
        hash = (31 * hash + id) % 1000000007;
    }
    QCOMPARE(sum, expected["sum"].get<std::int64_t>());
    QCOMPARE(hash, expected["hash"].get<std::int64_t>());
}

std::shared_ptr<const Tokenizer> opened(const QString& path) {
    const auto tokenizer = openTokenizer(path.toStdString());
    if (!tokenizer.has_value()) qWarning("%s %s", tokenizer.error().message.c_str(), tokenizer.error().cause.c_str());
    return tokenizer.value_or(nullptr);
}

Ids encoded(const Tokenizer& tokenizer, std::string_view text, const EncodeOptions& options = {}) {
    return tokenizer.encode(text, options, JobContext()).value_or(Ids{-1});
}

void compareStrings(const Tokenizer& tokenizer, const Json& strings, const char* ids_key, const char* text_key,
                    const EncodeOptions& options) {
    for (const Json& entry : strings) {
        const std::string text = entry["text"];
        const auto expected = entry[ids_key].get<Ids>();
        QVERIFY2(encoded(tokenizer, text, options) == expected, entry.dump().c_str());
        QVERIFY2(tokenizer.decode(expected, false) == entry[text_key].get<std::string>(), entry.dump().c_str());
    }
}
}  // namespace

class TokenizerTest : public QObject {
    Q_OBJECT
private slots:
    void smollm2_data() {
        QTest::addColumn<QString>("model");
        QTest::newRow("tokenizer.json") << "models/smollm2/tokenizer.json";
        QTest::newRow("folder") << "models/smollm2";
        QTest::newRow("gguf") << "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
    }
    void smollm2() {
        QFETCH(QString, model);
        QS_SHARED_FILE(values_path, "golden/smollm2/tokenizer.json");
        const auto tokenizer = opened(test::sharedFile(model));
        QVERIFY(tokenizer != nullptr);
        QCOMPARE(tokenizer->vocabularySize(), 49152);
        QCOMPARE(tokenizer->description(), std::string("byte-level BPE, 49,152 tokens"));
        const Json values = golden(values_path)["values"];
        compareStrings(*tokenizer, values["strings"], "ids", "decoded", {});
        for (const Json& chat : values["chat"])
            QCOMPARE(encoded(*tokenizer, chat["text"].get<std::string>()), chat["ids"].get<Ids>());
        compareStream(encoded(*tokenizer, joinedRows(read(test::sharedFile("data/wikitext2/wiki.test.raw")))),
                      values["wikitext2_test_joined"]);
        compareStream(encoded(*tokenizer, read(test::sharedFile("data/wikitext2/wiki.valid.tokens"))),
                      values["wiki_valid_as_is"]);
    }
    void llama3() {
        QS_SHARED_FILE(values_path, "golden/smollm2/tokenizer_llama3.json");
        const auto tokenizer = opened(test::sharedFile("models/tokenizers/llama3"));
        QVERIFY(tokenizer != nullptr);
        QCOMPARE(tokenizer->vocabularySize(), 128256);
        QCOMPARE(tokenizer->tokenId("<|begin_of_text|>"), std::optional(128000));
        const Json values = golden(values_path)["values"];
        compareStrings(*tokenizer, values["strings"], "ids", "decoded", {.add_special = false});
        compareStrings(*tokenizer, values["strings"], "ids_special", "decoded", {});
        compareStream(encoded(*tokenizer, joinedRows(read(test::sharedFile("data/wikitext2/wiki.test.raw")))),
                      values["wikitext2_test_joined"]);
        compareStream(encoded(*tokenizer, read(test::sharedFile("data/wikitext2/wiki.valid.tokens"))),
                      values["wiki_valid_as_is"]);
    }
    void llama3KnownRows() {
        const auto tokenizer = opened(test::sharedFile("models/tokenizers/llama3"));
        if (tokenizer == nullptr) QSKIP("needs ../shared/models/tokenizers/llama3");
        const auto ids = [&](std::string_view text) { return encoded(*tokenizer, text); };
        QCOMPARE(ids("I'LL don't we'Ve"), Ids({40, 6, 4178, 1541, 956, 584, 6, 43712}));
        QCOMPARE(ids(" Vi\xE1\xBB\x87t"), Ids({101798}));
        QCOMPARE(ids(std::string_view("x\0y", 3)), Ids({87, 188, 88}));
        QCOMPARE(ids("\xC2\x85next"), Ids({116360, 3684}));
        QCOMPARE(ids("<|eot_id|>"), Ids({128009}));
        QVERIFY(encoded(*tokenizer, "<|eot_id|>", {.parse_special = false}) != Ids({128009}));
        QCOMPARE(ids("<|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>"),
                 Ids({128006, 882, 128007, 271, 13347, 128009}));
        QCOMPARE(tokenizer->decode(Ids({9468}), false), std::string("\xEF\xBF\xBD"));
        QCOMPARE(tokenizer->decode(Ids({9468, 99, 247}), false), std::string("\xF0\x9F\xA6\x99"));
        QCOMPARE(tokenizer->decode(Ids({128000, 13347}), true), std::string("Hi"));
    }
    void aLlama2ConversationBeginsWithItsToken() {
        QS_SHARED_FILE(model, "models/tokenizers/llama2/tokenizer.model");
        const auto tokenizer = opened(model);
        const auto ids = encodeChat(*tokenizer, "<s>[INST] Hi [/INST]", JobContext());
        QVERIFY(ids.has_value());
        QCOMPARE(*ids, (std::vector<std::int32_t>{1, 518, 25580, 29962, 6324, 518, 29914, 25580, 29962}));
    }
    void turnsOfALlama2ConversationStandBetweenTheirTokens() {
        QS_SHARED_FILE(model, "models/tokenizers/llama2/tokenizer.model");
        const auto tokenizer = opened(model);
        const auto ids = encodeChat(*tokenizer, "<s>[INST] Hi [/INST] Hello </s><s>[INST] Bye [/INST]", JobContext());
        QVERIFY(ids.has_value());
        Ids expected{1};
        const auto append = [&](const Ids& part) { expected.insert(expected.end(), part.begin(), part.end()); };
        append(encoded(*tokenizer, "[INST] Hi [/INST] Hello ", {.add_special = false}));
        append({2, 1});
        append(encoded(*tokenizer, "[INST] Bye [/INST]", {.add_special = false}));
        QCOMPARE(*ids, expected);
    }
    void aConversationWithoutThoseTokensIsEncodedAsItStands() {
        const auto tokenizer = opened(test::sharedFile("models/tokenizers/llama3"));
        if (tokenizer == nullptr) QSKIP("needs ../shared/models/tokenizers/llama3");
        const std::string_view rendered =
            "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n</s> Hi<|eot_id|>";
        const auto ids = encodeChat(*tokenizer, rendered, JobContext());
        QVERIFY(ids.has_value());
        QCOMPARE(*ids, encoded(*tokenizer, rendered, {.add_special = false}));
        const auto none = encodeChat(*tokenizer, "", JobContext());
        QVERIFY(none.has_value() && none->empty());
    }
    void llama2() {
        QS_SHARED_FILE(values_path, "golden/smollm2/tokenizer_llama2.json");
        const auto tokenizer = opened(test::sharedFile("models/tokenizers/llama2"));
        QVERIFY(tokenizer != nullptr);
        QCOMPARE(tokenizer->vocabularySize(), 32000);
        const Json values = golden(values_path)["values"];
        compareStrings(*tokenizer, values["strings"], "spm_ids", "spm_decoded", {.add_special = false});
        compareStream(encoded(*tokenizer, joinedRows(read(test::sharedFile("data/wikitext2/wiki.test.raw")))),
                      values["wikitext2_test_joined"]);
        compareStream(
            encoded(*tokenizer, read(test::sharedFile("data/wikitext2/wiki.valid.tokens")), {.add_special = false}),
            values["wiki_valid_as_is_spm"]);
    }
    void bosComesFromThePostProcessor() {
        QS_SHARED_FILE(folder, "golden/llama-tied-tiny");
        for (const QString& path : {folder, folder + "/llama-tied-tiny-mixed.gguf"}) {
            const auto tokenizer = opened(path);
            QVERIFY(tokenizer != nullptr);
            QCOMPARE(encoded(*tokenizer, "").front(), 2000);
            QVERIFY(encoded(*tokenizer, "", {.add_special = false}).empty());
        }
    }
    void damagedFilesAreRefusedByName_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("said");
        QTest::newRow("merge part") << "merge_unknown_part" << "merge 1 ('a c') names unknown token 'c'";
        QTest::newRow("merge result") << "merge_unknown_result" << "merge 1 ('b a') makes unknown token 'ba'";
        QTest::newRow("three parts") << "merge_three_parts" << "merge 1 does not have two parts";
        QTest::newRow("huge id") << "vocab_id_huge" << "token id 4294967295 is above the limit";
        QTest::newRow("same id") << "vocab_duplicate_id" << "token id 0 is used twice";
        QTest::newRow("negative id") << "vocab_id_negative" << "must be a non-negative integer";
        QTest::newRow("type") << "model_type_unknown" << "tokenizer model 'Quipu' is not supported";
        QTest::newRow("pattern") << "regex_invalid" << "pre-tokenizer pattern '(' is not a valid expression";
        QTest::newRow("truncated") << "truncated" << "is not valid JSON (at byte";
        QTest::newRow("no model") << "no_model" << "tokenizer.json has no 'model'";
    }
    void damagedFilesAreRefusedByName() {
        QFETCH(QString, file);
        QFETCH(QString, said);
        QS_SHARED_FILE(folder, "golden/bad/tokenizer");
        const auto tokenizer = openTokenizer((folder + "/" + file + ".json").toStdString());
        QVERIFY(!tokenizer.has_value());
        QVERIFY2(QString::fromStdString(tokenizer.error().message).contains(said), tokenizer.error().message.c_str());
        QCOMPARE(QString::fromStdString(tokenizer.error().path), folder + "/" + file + ".json");
    }
    void wordsThatMergesCannotReachAreEntriesOfTheirOwn() {
        const auto tokenizer = opened(test::sharedFile("models/tokenizers/llama3"));
        if (tokenizer == nullptr) QSKIP("needs ../shared/models/tokenizers/llama3");
        for (const std::int32_t id : {101798, 9906, 33006}) {
            const std::string text = tokenizer->decode(Ids({id}), false);
            QCOMPARE(encoded(*tokenizer, text), Ids({id}));
        }
    }
    void aFolderWithoutTokenizerSaysSo() {
        QTemporaryDir folder;
        QVERIFY(openTokenizer(folder.path().toStdString()).error().message.find("holds no tokenizer") !=
                std::string::npos);
    }
    void aStopEndsLongTexts() {
        const auto tokenizer = opened(test::sharedFile("models/smollm2"));
        if (tokenizer == nullptr) QSKIP("needs ../shared/models/smollm2");
        std::stop_source stop;
        const JobContext job(stop.get_token(), [&](const Progress&) { stop.request_stop(); });
        std::string text;
        for (int i = 0; i < 100000; ++i) text += " word" + std::to_string(i);
        const auto ids = tokenizer->encode(text, {}, job);
        QVERIFY(!ids.has_value());
        QCOMPARE(ids.error().kind, ErrorKind::cancelled);
    }
};
QTEST_APPLESS_MAIN(TokenizerTest)
#include "tokenizer_test.moc"
