// If this fails, scores of a quantized model measured in other programs are those of other weights.
#include <sys/mount.h>

#include <QTest>
#include <fstream>
#include <set>

#include "tests/core/formats/exports/export_fixture.h"
#include "tests/support/test_files.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

std::string fileText(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<const ModelFiles> golden(const QString& path) {
    auto model = ModelFiles::open(path.toStdString());
    if (!model) qWarning("%s", model.error().message.c_str());
    return model ? *model : nullptr;
}

}  // namespace

class FakeQuantExportTest : public QObject {
    Q_OBJECT
private slots:
    void untouchedTensorsKeepTheirBytes_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"llama3-tiny", "llama2-tiny", "llama-tied-tiny"})
            QTest::addRow("%s", name) << QString(name);
    }
    void untouchedTensorsKeepTheirBytes() {
        QFETCH(QString, name);
        const auto path = sharedFile("golden/" + name);
        if (path.isEmpty()) QSKIP("needs ../shared/golden");
        const auto model = golden(path);
        QVERIFY(model != nullptr);
        QTemporaryDir folder;
        auto source = sourceFor(model, {});
        source.block = [](std::int64_t) -> Result<QuantizedBlock> {
            return QuantizedBlock{};
        };  // nothing was quantized
        const auto report = exportTo("fake-quant", source, below(folder, "out"),
                                     {{"dtype", std::string("source")}, {"max_shard_size", std::int64_t{1}}});
        QCOMPARE(message(report), QString());
        const auto written = ModelFiles::open(below(folder, "out"));
        QCOMPARE(message(written), QString());
        const auto ours = *(*written)->weights(WeightDType::source);
        const auto theirs = *model->weights(WeightDType::source);
        for (const auto& expected : expectedTensors(theirs->config()))
            QVERIFY2(*ours->readVector(expected.name) == *theirs->readVector(expected.name), expected.name.c_str());
        const auto config = nlohmann::json::parse(fileText(below(folder, "out") / "config.json"));
        const auto original =
            nlohmann::json::parse(fileText(std::filesystem::path(path.toStdString()) / "config.json"));
        QVERIFY(config == original);
        for (const auto& tensor : (*written)->tensors())
            for (const auto& before : model->tensors())
                if (before.name == tensor.name) QCOMPARE(tensor.dtype, before.dtype);
    }
    void linearsAreDequantizedAndReported() {
        QS_SHARED_FILE(path, "golden/llama-tied-tiny");
        const auto model = golden(path);
        QVERIFY(model != nullptr);
        QTemporaryDir folder;
        BlockRecipe recipe{8, 32};
        recipe.folded = true;
        const auto source = sourceFor(model, recipe);
        QCOMPARE(message(exportTo("fake-quant", source, below(folder, "out"))), QString());
        const float worst = worstDifference(below(folder, "out"), source);
        QVERIFY2(worst > 0.0F && worst < 255 * 0.03F * 0x1p-11F, qPrintable(QString::number(worst)));
        const auto report = nlohmann::json::parse(fileText(below(folder, "out") / "fake_quant_report.json"));
        QCOMPARE(report["tensors"].size(), std::size_t{21});
        QVERIFY(report["dtype"] == "float16" && report["stored_bits_per_weight"] == 16.0);
        QVERIFY(report["nominal_bits_per_weight"] > 8.0 && report["nominal_bits_per_weight"] < 9.0);
        QCOMPARE(report["transforms"].size(), std::size_t{6});
        QVERIFY(fileText(below(folder, "out") / "README.md").find("no size or speed gain") != std::string::npos);
        const auto config = nlohmann::json::parse(fileText(below(folder, "out") / "config.json"));
        QVERIFY(!config.contains("quantization_config") && config["torch_dtype"] == "float16");
        QVERIFY(config["tie_word_embeddings"] == true);
        const auto tensors = *SafetensorsFile::open(below(folder, "out") / "model.safetensors");
        QVERIFY(tensors->find("lm_head.weight") == nullptr);
        for (const char* name :
             {"tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "special_tokens_map.json"})
            QVERIFY2(
                fileText(below(folder, "out") / name) == fileText(std::filesystem::path(path.toStdString()) / name),
                name);
    }
    void aGgufSourceGetsItsTokenizer() {
        QS_SHARED_FILE(path, "golden/llama-tied-tiny/llama-tied-tiny-mixed.gguf");
        const auto model = golden(path);
        QVERIFY(model != nullptr);
        QTemporaryDir folder;
        const auto source = sourceFor(model, {4, 32}, WeightDType::bfloat16);
        for (const char* format : {"gptq", "awq", "fake-quant"}) {
            const auto out = below(folder, format);
            const auto report = exportTo(format, source, out);
            QCOMPARE(message(report), QString());
            const float worst = worstDifference(out, source);
            QVERIFY2(worst >= 0.0F && worst < 15 * 0.03F * 0x1p-11F, qPrintable(QString::number(worst)));
            for (const char* name : {"tokenizer.json", "generation_config.json", "config.json"})
                QVERIFY2(std::filesystem::exists(out / name), name);
            // Values of a model rounded to bfloat16 stay exactly that.
            const auto ours = *(*ModelFiles::open(out))->weights(WeightDType::source);
            const auto theirs = *model->weights(WeightDType::bfloat16);
            QVERIFY(*ours->readVector("model.norm.weight") == *theirs->readVector("model.norm.weight"));
        }
    }
    void bfloat16IsRefusedForEightBits() {
        QTemporaryDir folder;
        const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
        const OptionValues bfloat16{{"dtype", std::string("bfloat16")}};
        QVERIFY(message(exportTo("fake-quant", sourceFor(model, {8, 32}), below(folder, "out"), bfloat16))
                    .contains("bfloat16 would blur"));
        QCOMPARE(message(exportTo("fake-quant", sourceFor(model, {4, 32}), below(folder, "out"), bfloat16)), QString());
    }
    void valuesBeyondFloat16AreRefused() {
        QTemporaryDir folder;
        const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
        model->madeUp().values("model.embed_tokens.weight")[3] = 70000.0F;
        for (const char* format : {"gptq", "awq", "fake-quant"})
            QVERIFY(message(exportTo(format, sourceFor(model, {4, 32}), below(folder, "out"))).contains("65504"));
        const OptionValues float32{{"dtype", std::string("float32")}};
        QCOMPARE(message(exportTo("fake-quant", sourceFor(model, {4, 32}), below(folder, "out"), float32)), QString());
    }
    void largeCheckpointsAreCutIntoFiles() {
        QTemporaryDir folder;
        const auto source = sourceFor(std::make_shared<MadeUpModel>(smallConfig(256, 1024), below(folder, ".")), {});
        const auto out = below(folder, "out");
        QCOMPARE(message(exportTo("fake-quant", source, out, {{"max_shard_size", std::int64_t{1}}})), QString());
        QVERIFY(!std::filesystem::exists(out / "model.safetensors"));
        const auto index = nlohmann::json::parse(fileText(out / "model.safetensors.index.json"));
        std::set<std::string> files;
        for (const auto& [name, file] : index["weight_map"].items()) files.insert(file.get<std::string>());
        QVERIFY(files.size() >= 2);
        for (const auto& file : files) QVERIFY2(std::filesystem::file_size(out / file) < 1'100'000, file.c_str());
        const float worst = worstDifference(out, source);
        QVERIFY2(worst >= 0.0F && worst < 15 * 0.03F * 0x1p-11F, qPrintable(QString::number(worst)));
    }
    void aDiskTooSmallIsSaidBeforeWriting() {
        const QTemporaryDir folder;
        const auto disk = folder.path().toStdString();
        if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=256k") != 0) QSKIP("needs the right to mount a tmpfs");
        const auto model = std::make_shared<MadeUpModel>(smallConfig(256, 1024), disk);
        const auto said = message(exportTo("fake-quant", sourceFor(model, {}), below(folder, "out")));
        const bool empty = std::filesystem::is_empty(disk);
        ::umount(disk.c_str());
        QVERIFY2(said.contains("free some space or choose another folder"), qPrintable(said));
        QVERIFY(empty);
    }
    void formatsDescribeThemselves() {
        for (const auto& format : exportFormats()) {
            QVERIFY(!format.id.empty() && !format.label.empty() && !format.summary.empty() && format.check &&
                    format.write);
            for (const auto& option : format.options) QVERIFY(!option.label.empty() && !option.help.empty());
            QVERIFY(completeOptions(format.options, {}).has_value());
        }
    }
};
QTEST_APPLESS_MAIN(FakeQuantExportTest)
#include "fake_quant_export_test.moc"
