// If this fails, people cannot open their models, or open them with wrong weights.
#include "core/formats/model_files.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/formats/weight_check.h"
#include "tests/support/test_files.h"

using namespace quantoscope;

namespace {

std::shared_ptr<const ModelFiles> opened(const QString& path) {
    auto model = ModelFiles::open(path.toStdString());
    if (!model) qWarning("%s", model.error().message.c_str());
    return model ? *model : nullptr;
}

std::string refusal(const QString& path) {
    const auto model = ModelFiles::open(path.toStdString());
    return model ? std::string() : model.error().message;
}

std::vector<float> readAll(const ModelFiles& model, const char* name, WeightDType dtype = WeightDType::source) {
    const auto weights = model.weights(dtype);
    if (!weights) qWarning("%s", weights.error().message.c_str());
    auto values = (*weights)->readVector(name);
    return values ? *values : std::vector<float>();
}

bool anyContains(const std::vector<std::string>& texts, const char* part) {
    for (const auto& text : texts)
        if (text.find(part) != std::string::npos) return true;
    return false;
}

void write(const QString& path, const QByteArray& content) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

/// The model of `folder` in `copy`, with its config.json changed.
bool copyWithConfig(const QString& folder, const QTemporaryDir& copy, const char* before, const char* after) {
    QFile config(folder + "/config.json");
    if (!config.open(QIODevice::ReadOnly)) return false;
    write(copy.filePath("config.json"), config.readAll().replace(before, after));
    return QFile::copy(folder + "/model.safetensors", copy.filePath("model.safetensors"));
}

}  // namespace

class ModelFilesTest : public QObject {
    Q_OBJECT
private slots:
    void theExampleModelOpens() {
        const QString path = test::exampleModel();
        if (path.isEmpty()) QSKIP("needs the example model");
        const auto model = opened(path);
        QVERIFY(model);
        const auto config = model->config();
        QVERIFY(config.has_value());
        QCOMPARE(config->architecture, std::string("llama"));
        QCOMPARE(config->block_count, 30);
        QCOMPARE(config->head_dim, 64);
        QCOMPARE(config->rms_norm_eps, 1e-5);
        QVERIFY(config->tie_word_embeddings);
        QCOMPARE(model->parameterCount(), 134515008);
        QCOMPARE(model->tensors().size(), std::size_t{272});
        QVERIFY(anyContains(model->warnings(), "quantized before"));
        QVERIFY(isLossySource(*model));
        QCOMPARE(model->fingerprint().size(), std::size_t{64});
        QVERIFY(model->weights(WeightDType::bfloat16).has_value());
        const auto again = parseModelConfig(model->configJson(), "config.json");
        QVERIFY(again.has_value());
        QCOMPARE(again->rope_theta, 100000.0);
    }

    void foldersOpenWithTheirShards() {
        QS_SHARED_FILE(two, "golden/llama2-tiny");
        QS_SHARED_FILE(one, "golden/llama3-tiny");
        const auto sharded = opened(two);
        QVERIFY(sharded);
        QCOMPARE(sharded->formatLabel(), std::string("Hugging Face folder, 2 shards"));
        QVERIFY(sharded->warnings().empty());
        QVERIFY(sharded->weights(WeightDType::source).has_value());
        const auto single = opened(one);
        QVERIFY(single);
        const auto config = single->config();
        QCOMPARE(config->rope_scaling.kind, RopeScalingKind::llama3);
        QCOMPARE(config->eos_token_ids, (std::vector<std::int64_t>{2, 3}));
        QVERIFY(sharded->fingerprint() != single->fingerprint());
    }

    void bothSpellingsOfTheConfigSayTheSame() {
        QS_SHARED_FILE(folder, "golden/llama3-tiny");
        const auto parse = [&](const char* name) {
            QFile file(folder + "/" + name);
            [[maybe_unused]] const bool open = file.open(QIODevice::ReadOnly);
            return parseModelConfig(file.readAll().toStdString(), name);
        };
        const auto before = parse("config.json");
        const auto after = parse("config.v5-spelling.json");
        QVERIFY(before.has_value() && after.has_value());
        QCOMPARE(after->rope_theta, before->rope_theta);
        QCOMPARE(after->rope_scaling.factor, before->rope_scaling.factor);
        QCOMPARE(after->rope_scaling.original_max_position_embeddings, std::int64_t{256});
    }

    void ggufGivesHuggingFaceRows() {
        QS_SHARED_FILE(gguf, "golden/llama-tied-tiny/llama-tied-tiny-mixed.gguf");
        QS_SHARED_FILE(folder, "golden/llama-tied-tiny");
        const auto rounded = opened(gguf);
        const auto original = opened(folder);
        QVERIFY(rounded && original);
        // blk.1.attn_q is F16 there: rows must match the originals closely, which a wrong row order would not.
        const auto expected = readAll(*original, "model.layers.1.self_attn.q_proj.weight");
        const auto found = readAll(*rounded, "model.layers.1.self_attn.q_proj.weight");
        QCOMPARE(found.size(), expected.size());
        for (std::size_t i = 0; i < found.size(); ++i) QVERIFY(std::abs(found[i] - expected[i]) < 2e-3F);
        const auto weights = *rounded->weights(WeightDType::source);
        std::vector<float> rows(3 * 64);
        QVERIFY(weights->readRows("model.layers.1.self_attn.q_proj.weight", 17, 3, rows).has_value());
        QVERIFY(std::memcmp(rows.data(), found.data() + 17 * 64, rows.size() * 4) == 0);
        QVERIFY(!weights->readRows("model.layers.1.self_attn.q_proj.weight", 62, 3, rows).has_value());
        QVERIFY(!weights->has("lm_head.weight"));
    }

    void bfloat16WeightsAreRounded() {
        QS_SHARED_FILE(folder, "golden/llama-tied-tiny");
        const auto model = opened(folder);
        QVERIFY(model);
        for (const auto value : readAll(*model, "model.embed_tokens.weight", WeightDType::bfloat16))
            QCOMPARE(std::bit_cast<std::uint32_t>(value) & 0xffffU, 0U);
    }

    void everyLlavaSpellingGivesTheSameTextModel_data() {
        QTest::addColumn<QString>("variant");
        for (const char* name : {"variant-v5-names", "variant-v4.52-names", "variant-original-llava"})
            QTest::newRow(name) << name;
    }
    void everyLlavaSpellingGivesTheSameTextModel() {
        QFETCH(QString, variant);
        QS_SHARED_FILE(folder, "golden/llava-next-tiny");
        const auto hub = opened(folder);
        const auto other = opened(folder + "/" + variant);
        QVERIFY(hub && other);
        QCOMPARE(other->config()->architecture, std::string("llava_next"));
        QVERIFY(other->warnings().empty());
        const char* name = "model.layers.2.self_attn.k_proj.weight";
        QVERIFY(readAll(*hub, name) == readAll(*other, name));
        QVERIFY(!readAll(*other, "lm_head.weight").empty());
    }

    void aLoneFileListsItsTensors() {
        QS_SHARED_FILE(file, "golden/llama3-tiny/model.safetensors");
        const auto model = opened(file);
        QVERIFY(model);
        QVERIFY(!model->tensors().empty());
        QVERIFY(!model->config().has_value());
        QVERIFY(model->config().error().message.find("config.json") != std::string::npos);
        QVERIFY(!model->weights(WeightDType::source).has_value());
    }

    void nonFiniteWeightsAreReported() {
        QS_SHARED_FILE(file, "golden/bad/safetensors/nan_weights.safetensors");
        const auto model = opened(file);
        QVERIFY(model);
        QVERIFY(anyContains(model->warnings(), "3 non-finite values in 'w'"));
        JobContext job;
        const auto counts = countNonFinite(*model, job);
        QVERIFY(counts.has_value());
        QCOMPARE(counts->size(), std::size_t{1});
        QCOMPARE(counts->front().count, std::uint64_t{3});
        std::stop_source stop;
        stop.request_stop();
        JobContext stopped(stop.get_token());
        QCOMPARE(countNonFinite(*model, stopped).error().kind, ErrorKind::cancelled);
    }

    void foldersWithoutAModelSayWhatTheyHold() {
        QTemporaryDir folder;
        QVERIFY(refusal(folder.filePath("nothing-here")).find("no model at") != std::string::npos);
        QVERIFY(refusal(folder.path()).find("holds no model") != std::string::npos);
        write(folder.filePath("tokenizer.json"), "{}");
        QVERIFY(refusal(folder.path()).find("holds a tokenizer") != std::string::npos);
        write(folder.filePath("pytorch_model.bin"), "PK");
        QVERIFY(refusal(folder.path()).find("pickled") != std::string::npos);
    }

    void missingTensorsWarnAndStopComputing() {
        QS_SHARED_FILE(folder, "golden/llama3-tiny");
        QTemporaryDir copy;
        QVERIFY(copyWithConfig(folder, copy, "\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4"));
        const auto model = opened(copy.path());
        QVERIFY(model);
        QVERIFY(anyContains(model->warnings(), "9 of 39 tensors"));
        QVERIFY(model->weights(WeightDType::source).error().message.find("layers.3") != std::string::npos);
    }

    void checkpointsQuantizedByOthersAreNamed() {
        QS_SHARED_FILE(folder, "golden/llama3-tiny");
        QTemporaryDir copy;
        QVERIFY(copyWithConfig(folder, copy, "\"model_type\"",
                               "\"quantization_config\": {\"quant_method\": \"hqq\"}, \"model_type\""));
        const auto model = opened(copy.path());
        QVERIFY(model);
        QVERIFY(model->weights(WeightDType::source).error().message.find("hqq") != std::string::npos);
    }
};
QTEST_APPLESS_MAIN(ModelFilesTest)
#include "model_files_test.moc"
