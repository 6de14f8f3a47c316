// If this fails, an AWQ export loads in vLLM or transformers with wrong weights, or a result that has no place in it is
// written.
#include <QTest>
#include <fstream>

#include "tests/core/formats/exports/export_fixture.h"

using namespace quantoscope;
using namespace quantoscope::test;

class AwqExportTest : public QObject {
    Q_OBJECT
private slots:
    void weightsComeBackEqual_data() {
        QTest::addColumn<int>("bits");
        QTest::addColumn<int>("group_size");
        QTest::addColumn<bool>("symmetric");
        for (const int bits : {2, 3, 4})
            for (const int group : {16, 32, 64, -1})
                for (const bool symmetric : {false, true})
                    QTest::addRow("%d bits, groups of %d, symmetric %d", bits, group, symmetric)
                        << bits << group << symmetric;
    }
    void weightsComeBackEqual() {
        QFETCH(int, bits);
        QFETCH(int, group_size);
        QFETCH(bool, symmetric);
        QTemporaryDir folder;
        const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 192), below(folder, "."));
        BlockRecipe recipe{bits, group_size, false, symmetric};
        recipe.folded = true;
        const auto source = sourceFor(model, recipe);
        const auto report = exportTo("awq", source, below(folder, "out"));
        QCOMPARE(message(report), QString());
        const float worst = worstDifference(below(folder, "out"), source);
        QVERIFY2(worst >= 0.0F && worst < 2e-3F, qPrintable(QString::number(worst)));  // folded norms are float16
        const bool said = std::ranges::any_of(
            report->notes, [](const auto& note) { return note.find("4-bit fields") != std::string::npos; });
        QCOMPARE(said, bits < 4);
    }
    void theSameResultIsTheSameInEveryFormat() {
        QTemporaryDir folder;
        const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
        const auto source = sourceFor(model, {4, 32});
        for (const char* format : {"awq", "gptq"}) {
            QCOMPARE(message(exportTo(format, source, below(folder, format))), QString());
            QCOMPARE(worstDifference(below(folder, format), source), 0.0F);
        }
        QCOMPARE(message(exportTo("fake-quant", source, below(folder, "dense"), {{"dtype", std::string("float32")}})),
                 QString());
        QCOMPARE(worstDifference(below(folder, "dense"), source), 0.0F);
    }
    void configNamesTheLayout() {
        QTemporaryDir folder;
        const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
        QCOMPARE(message(exportTo("awq", sourceFor(model, {}), below(folder, "out"))), QString());
        std::ifstream file(below(folder, "out") / "config.json");
        const auto config = nlohmann::json::parse(file)["quantization_config"];
        QVERIFY(config ==
                nlohmann::json::parse(R"({"quant_method": "awq", "version": "gemm", "bits": 4, "group_size": 32,
                                                    "zero_point": true, "modules_to_not_convert": null})"));
        const auto tensors = *SafetensorsFile::open(below(folder, "out") / "model.safetensors");
        QVERIFY(tensors->find("model.layers.0.mlp.down_proj.g_idx") == nullptr);
        QVERIFY(tensors->find("model.layers.0.mlp.down_proj.weight") == nullptr);
        QCOMPARE(tensors->find("model.layers.0.mlp.down_proj.qweight")->shape, (std::vector<std::int64_t>{128, 8}));
        QCOMPARE(tensors->find("model.layers.0.mlp.down_proj.scales")->shape, (std::vector<std::int64_t>{4, 64}));
    }
    void refusals() {
        QTemporaryDir folder;
        const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 144), below(folder, "."));
        const auto odd = std::make_shared<MadeUpModel>(smallConfig(64, 36), below(folder, "."));
        const auto refusal = [&](const std::shared_ptr<MadeUpModel>& of, const BlockRecipe& recipe) {
            auto source = sourceFor(of, recipe);
            source.method_options = {};
            const auto report = exportTo("awq", source, below(folder, "out"));
            const auto check = (*findExportFormat("awq"))->check(source);
            if (message(check) != message(report)) return QString("check and write disagree");
            return message(report);
        };
        QVERIFY(refusal(model, {4, 16, true}).contains("choose static groups or the GPTQ format"));
        QVERIFY(refusal(model, {4, 32}).contains("do not divide"));
        QVERIFY(refusal(model, {8, 16}).contains("up to 4 bits"));
        QVERIFY(refusal(odd, {4, 4}).contains("packs outputs by eight"));
        QVERIFY(!std::filesystem::exists(below(folder, "out")));
    }
};
QTEST_APPLESS_MAIN(AwqExportTest)
#include "awq_export_test.moc"
