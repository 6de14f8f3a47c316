// If this fails, a GGUF file's text becomes other ids than in the program it was made for, or an export ships a
// tokenizer.json that other programs read differently.
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/formats/tokenizer/gguf_tokenizer.h"
#include "core/formats/tokenizer/tokenizer_json.h"
#include "tests/support/test_files.h"

using namespace quantoscope;
using Json = nlohmann::json;
using Ids = std::vector<std::int32_t>;

namespace {
Json golden(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? Json::parse(file.readAll().toStdString()) : Json();
}

bool onlySpaces(std::string_view piece) {
    while (piece.starts_with(kSpacePiece)) piece.remove_prefix(kSpacePiece.size());
    return piece.empty();
}

/// LLaMA-2's vocabulary as a GGUF file stores it (scores are minus the merge order, runs of spaces last).
GgufTokenizerData llama2Data(const Tokenizer& tokenizer) {
    GgufTokenizerData data;
    data.model = "llama";
    for (std::int32_t id = 0; id < 32000; ++id) {
        const std::string piece = tokenizer.tokenText(id);
        data.tokens.push_back(piece);
        data.scores.push_back(id < 259                                ? 0.0F
                              : onlySpaces(piece) && piece.size() > 3 ? -1e9F
                                                                      : static_cast<float>(259 - id));
        data.types.push_back(id == 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1);
    }
    data.bos = 1;
    data.eos = 2;
    data.unknown = 0;
    return data;
}
}  // namespace

class TokenizerGgufTest : public QObject {
    Q_OBJECT
private slots:
    void scoresGiveTheIdsOfSentencePiece() {
        QS_SHARED_FILE(model, "models/tokenizers/llama2");
        const auto original = openTokenizer(model.toStdString());
        QVERIFY(original.has_value());
        auto parts = bpeFromGguf(llama2Data(**original));
        QVERIFY(parts.has_value());
        QCOMPARE(parts->model.merges.size(), std::size_t{61249});
        const auto tokenizer = makeBpeTokenizer(std::move(*parts));
        const auto document = golden(test::sharedFile("golden/smollm2/tokenizer_llama2.json"));
        for (const auto& entry : document["values"]["strings"]) {
            const auto ids = tokenizer->encode(entry["text"].get<std::string>(), {.add_special = false}, JobContext());
            QVERIFY2(ids.has_value() && *ids == entry["spm_ids"].get<Ids>(), entry.dump().c_str());
            QCOMPARE(tokenizer->decode(*ids, false), entry["spm_decoded"].get<std::string>());
        }
        QCOMPARE(tokenizer->encode("Hello", {}, JobContext())->front(), 1);
        std::string text;
        QFile file(test::sharedFile("data/wikitext2/wiki.valid.tokens"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        text = file.readAll().toStdString();
        QCOMPARE(*tokenizer->encode(text, {}, JobContext()), *(*original)->encode(text, {}, JobContext()));
    }
    void llama2ExportsAsItsLegacyTokenizerJson() {
        QS_SHARED_FILE(model, "models/tokenizers/llama2");
        const auto original = openTokenizer(model.toStdString());
        QVERIFY(original.has_value());
        const auto files = filesFromGgufTokenizer(llama2Data(**original));
        QVERIFY(files.has_value());
        auto parts = parseTokenizerJson(files->front().content, "tokenizer.json");
        QVERIFY2(parts.has_value(), parts.has_value() ? "" : parts.error().message.c_str());
        const auto legacy = makeBpeTokenizer(std::move(*parts));
        const auto document = golden(test::sharedFile("golden/smollm2/tokenizer_llama2.json"));
        for (const auto& entry : document["values"]["strings"]) {
            const auto expected = entry["spm_ids"].get<Ids>();
            const auto ids = legacy->encode(entry["text"].get<std::string>(), {false, false}, JobContext());
            QVERIFY2(ids.has_value(), entry.dump().c_str());
            QVERIFY2(*ids == expected, entry.dump().c_str());
        }
        const auto ids = [](const Tokenizer& tokenizer, std::string_view text) {
            return *tokenizer.encode(text, {.add_special = false}, JobContext());
        };
        QCOMPARE(ids(*legacy, "Hello</s> world"), Ids({15043, 2, 29871, 3186}));
        QCOMPARE(ids(*legacy, "<s>[INST] Hi [/INST]"), Ids({1, 518, 25580, 29962, 6324, 518, 29914, 25580, 29962}));

        Json metaspace = Json::parse(files->front().content);
        metaspace["normalizer"] = nullptr;
        metaspace["pre_tokenizer"] = {{"type", "Metaspace"},
                                      {"replacement", std::string(kSpacePiece)},
                                      {"prepend_scheme", "first"},
                                      {"split", false}};
        auto first_parts = parseTokenizerJson(metaspace.dump(), "tokenizer.json");
        QVERIFY(first_parts.has_value());
        const auto first = makeBpeTokenizer(std::move(*first_parts));
        QCOMPARE(ids(*first, "  leading"), Ids({29871, 8236}));
        QCOMPARE(ids(*first, " "), Ids({29871}));
        QCOMPARE(ids(*first, "Hello</s> world"), Ids({15043, 2, 3186}));
        QCOMPARE(ids(*first, "<s>[INST]"), Ids({1, 29961, 25580, 29962}));

        metaspace["normalizer"] = {{"type", "NFKC"}};
        QVERIFY(parseTokenizerJson(metaspace.dump(), "x").error().message.find("'NFKC'") != std::string::npos);
        metaspace["normalizer"] = nullptr;
        metaspace["pre_tokenizer"] = {{"type", "Whitespace"}};
        QVERIFY(parseTokenizerJson(metaspace.dump(), "x").error().message.find("'Whitespace'") != std::string::npos);
        metaspace["pre_tokenizer"] = nullptr;
        QVERIFY(!parseTokenizerJson(metaspace.dump(), "x").has_value());
    }
    void unknownSplittersAreRefused() {
        GgufTokenizerData data;
        data.model = "gpt2";
        data.pre = "default";
        data.tokens = {"a", "b"};
        QVERIFY(bpeFromGguf(data).error().message.find("'default'") != std::string::npos);
        data.model = "rwkv";
        QVERIFY(bpeFromGguf(data).error().message.find("'rwkv'") != std::string::npos);
        data.model = "llama";
        QVERIFY(bpeFromGguf(data).error().message.find("scores") != std::string::npos);
        data.scores = {0.0F, -1.0F};
        QVERIFY(!bpeFromGguf(data).has_value());  // asks for BOS, has none
    }
    void exportedFilesGiveTheSameIds_data() {
        QTest::addColumn<QString>("gguf");
        QTest::newRow("smollm2") << "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";
        QTest::newRow("llama-bpe") << "golden/llama-tied-tiny/llama-tied-tiny-mixed.gguf";
    }
    void exportedFilesGiveTheSameIds() {
        QFETCH(QString, gguf);
        const QString path = test::sharedFile(gguf);
        if (path.isEmpty()) QSKIP("needs the shared models");
        const auto original = openTokenizer(path.toStdString());
        QVERIFY(original.has_value());
        const auto files = tokenizerFilesFromGguf(path.toStdString());
        QVERIFY(files.has_value());
        QTemporaryDir folder;
        for (const TextFile& file : *files)
            std::ofstream(folder.filePath(QString::fromStdString(file.name)).toStdString()) << file.content;
        const auto exported = openTokenizer(folder.path().toStdString());
        QVERIFY2(exported.has_value(), exported.has_value() ? "" : exported.error().message.c_str());
        QCOMPARE((*exported)->vocabularySize(), (*original)->vocabularySize());
        const auto document = golden(test::sharedFile("golden/smollm2/tokenizer.json"));
        for (const auto& entry : document["values"]["strings"]) {
            const std::string text = entry["text"];
            QCOMPARE(*(*exported)->encode(text, {}, JobContext()), *(*original)->encode(text, {}, JobContext()));
        }
    }
};
QTEST_APPLESS_MAIN(TokenizerGgufTest)
#include "tokenizer_gguf_test.moc"
