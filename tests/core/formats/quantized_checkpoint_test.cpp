// If this fails, a GPTQ or AWQ checkpoint somebody downloaded is computed with wrong weights, or a damaged one crashes.
#include "core/formats/quantized_checkpoint.h"

#include <QTest>
#include <fstream>

#include "tests/core/formats/exports/export_fixture.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

constexpr const char* kLinear = "model.layers.0.mlp.up_proj";

/// A good checkpoint in `folder`/out to be spoiled.
ExportSource makeCheckpoint(const QTemporaryDir& folder, const char* format, const BlockRecipe& recipe) {
    const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
    auto source = sourceFor(model, recipe);
    const auto report = exportTo(format, source, below(folder, "out"));
    if (!report) qWarning("%s", report.error().message.c_str());
    return source;
}

void editConfig(const QTemporaryDir& folder, const std::function<void(nlohmann::json&)>& edit) {
    const auto path = below(folder, "out") / "config.json";
    std::ifstream file(path);
    auto config = nlohmann::json::parse(file);
    file.close();
    edit(config["quantization_config"]);
    std::ofstream(path) << config.dump();
}

/// Overwrites bytes of a tensor.
void patch(const QTemporaryDir& folder, const std::string& tensor, std::uint64_t offset, std::int32_t value) {
    const auto path = below(folder, "out") / "model.safetensors";
    std::uint64_t position = 0;
    {
        const auto file = *SafetensorsFile::open(path);
        position = file->dataOffset() + file->find(tensor)->begin + offset;
    }
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(position));
    file.write(reinterpret_cast<const char*>(&value), 4);
}

/// Replaces text of the header by other text of the same length.
void patchHeader(const QTemporaryDir& folder, const std::string& from, const std::string& to) {
    const auto path = below(folder, "out") / "model.safetensors";
    std::ifstream in(path, std::ios::binary);
    std::string all{std::istreambuf_iterator<char>(in), {}};
    in.close();
    const auto at = all.find(from);
    if (at == std::string::npos || from.size() != to.size()) qFatal("nothing to patch");
    all.replace(at, to.size(), to);
    std::ofstream(path, std::ios::binary) << all;
}

QString weightsError(const QTemporaryDir& folder) {
    const auto model = ModelFiles::open(below(folder, "out"));
    if (!model) return message(model);
    return message((*model)->weights(WeightDType::source));
}

}  // namespace

class QuantizedCheckpointTest : public QObject {
    Q_OBJECT
private slots:
    void opensAsAModel() {
        QTemporaryDir folder;
        const auto source = makeCheckpoint(folder, "gptq", {4, 32, true});
        QCOMPARE(worstDifference(below(folder, "out"), source), 0.0F);
        const auto model = *ModelFiles::open(below(folder, "out"));
        std::int64_t parameters = 0;
        for (const auto& expected : expectedTensors(*model->config()))
            parameters += expected.shape[0] * (expected.shape.size() == 2 ? expected.shape[1] : 1);
        QCOMPARE(model->parameterCount(), parameters);
        // Rounding to bfloat16 touches dense tensors, never what codes and scales mean.
        const auto rounded = *model->weights(WeightDType::bfloat16);
        const std::string name = std::string(kLinear) + ".weight";
        QCOMPARE(rounded->readMatrix(name)->values, source.block(0)->linears[5]->dequantize().values);
        std::vector<float> rows(3 * 64);
        QVERIFY(rounded->readRows(name, 20, 3, rows).has_value());
        const auto wanted = source.block(0)->linears[5]->dequantize();
        QVERIFY(std::ranges::equal(rows, std::span(wanted.values).subspan(20 * 64, 3 * 64)));
        QVERIFY(!rounded->readRows(name, 127, 3, rows).has_value());
    }
    void groupsFollowFromGroupSizeWithoutGIdx() {
        QTemporaryDir folder;
        const auto source = makeCheckpoint(folder, "gptq", {4, 32});
        for (const auto role : kLinearRoles) {
            const auto name = linearPath(0, role);
            patchHeader(folder, name + ".g_idx", name + ".xxxxx");
        }
        QCOMPARE(worstDifference(below(folder, "out"), source), 0.0F);
    }
    void mixedWidthsFollowFromShapes() {
        QTemporaryDir folder;
        const auto source = makeCheckpoint(folder, "gptq", {3, 32});
        editConfig(folder, [](auto& config) { config["bits"] = 4; });
        QVERIFY(weightsError(folder).contains("shape"));
        editConfig(folder, [](auto& config) { config["dynamic"]["+:.*"]["bits"] = 3; });
        QCOMPARE(worstDifference(below(folder, "out"), source), 0.0F);
    }
    void damageIsNamed() {
        const std::string linear = kLinear;
        const auto gptq = [&](const std::function<void(const QTemporaryDir&)>& spoil) {
            QTemporaryDir folder;
            makeCheckpoint(folder, "gptq", {4, 32});
            spoil(folder);
            return weightsError(folder);
        };
        QVERIFY(gptq([&](const auto& f) {
                    patch(f, linear + ".g_idx", 40, 2);
                }).contains("names group 2 where there are 2"));
        QVERIFY(gptq([&](const auto& f) { patch(f, linear + ".g_idx", 40, -1); }).contains("names group -1"));
        QVERIFY(gptq([&](const auto& f) {
                    patchHeader(f, linear + ".qzeros", linear + ".qzerox");
                }).contains("lacks the tensor"));
        QVERIFY(gptq([&](const auto& f) {
                    patchHeader(f, linear + ".scales", linear + ".scalex");
                }).contains("lacks the tensor"));
        QVERIFY(gptq([&](const auto& f) {
                    patchHeader(f, "\"" + linear + ".qweight\":{\"dtype\":\"I32\"",
                                "\"" + linear + ".qweight\":{\"dtype\":\"F32\"");
                }).contains("packed codes are I32"));
        QVERIFY(gptq([&](const auto& f) {
                    patchHeader(f, "model.norm.weight", "model.morn.weight");
                }).contains("is missing"));
        QVERIFY(gptq([](const auto& f) { editConfig(f, [](auto& config) { config["bits"] = 8; }); }).contains("shape"));
        QTemporaryDir folder;
        makeCheckpoint(folder, "awq", {4, 32});
        editConfig(folder, [](auto& config) { config["group_size"] = 64; });
        QVERIFY(weightsError(folder).contains("groups of 64 columns make 1"));
    }
    void layoutsOfOthersAreRefused_data() {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("word");
        QTest::addRow("method") << R"({"quant_method": "bitsandbytes"})" << "bitsandbytes";
        QTest::addRow("none") << R"({"bits": 4})" << "cannot be read";
        QTest::addRow("not an object") << R"([1])" << "not an object";
        QTest::addRow("planar") << R"({"quant_method": "gptq", "bits": 4, "checkpoint_format": "gptq_p"})" << "gptq_p";
        QTest::addRow("marlin") << R"({"quant_method": "gptq", "bits": 4, "checkpoint_format": "marlin"})" << "marlin";
        QTest::addRow("5 bits") << R"({"quant_method": "gptq", "bits": 5})" << "5 bits";
        QTest::addRow("no bits") << R"({"quant_method": "gptq"})" << "0 bits";
        QTest::addRow("gemv") << R"({"quant_method": "awq", "version": "gemv"})" << "gemv";
        QTest::addRow("awq 8") << R"({"quant_method": "awq", "bits": 8})" << "8 bits";
        QTest::addRow("no zero point") << R"({"quant_method": "awq", "zero_point": false})" << "zero points";
        QTest::addRow("group 0") << R"({"quant_method": "awq", "group_size": 0})" << "group_size 0";
        QTest::addRow("huge group") << R"({"quant_method": "gptq", "bits": 4, "group_size": 99999999999})"
                                    << "group_size";
    }
    void layoutsOfOthersAreRefused() {
        QFETCH(QString, config);
        QFETCH(QString, word);
        const auto text = "{\"quantization_config\": " + config.toStdString() + "}";
        const auto found = checkpointQuantization(text, "folder");
        QVERIFY2(message(found).contains(word), qPrintable(message(found)));
    }
    void plainConfigsAreNotQuantized() {
        QVERIFY(!checkpointQuantization("{}", "folder")->has_value());
        QVERIFY(!checkpointQuantization(R"({"quantization_config": null})", "folder")->has_value());
        QCOMPARE(
            (*checkpointQuantization(
                 R"({"quantization_config": {"quant_method": "awq", "version": "GEMM", "w_bit": 4, "q_group_size": 64}})",
                 "x"))
                ->label,
            std::string("AWQ, 4 bits, groups of 64"));
    }
};
QTEST_APPLESS_MAIN(QuantizedCheckpointTest)
#include "quantized_checkpoint_test.moc"
