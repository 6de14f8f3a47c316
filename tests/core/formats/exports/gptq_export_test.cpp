// If this fails, a GPTQ export is loaded by other programs with other weights than the run evaluated, or a result that
// GPTQ files cannot hold is written all the same.
#include <QTest>
#include <fstream>

#include "tests/core/formats/exports/export_fixture.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

nlohmann::json jsonFile(const std::filesystem::path& path) {
    std::ifstream file(path);
    return nlohmann::json::parse(file, nullptr, false);
}

/// Zero points of one linear as a reader of v1 files sees them; -1 where the three known readers disagree.
std::vector<int> zeroPointsOfV1Readers(const SafetensorsFile& file, const std::string& name, int bits) {
    const auto* entry = file.find(name + ".qzeros");
    const auto bytes = file.bytes(*entry);
    std::vector<int> zeros;
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        std::uint32_t word = 0;
        std::memcpy(&word, bytes.data() + i, 4);
        const std::uint32_t mask = (1U << bits) - 1U;
        std::uint32_t ones = 0;
        for (int shift = 0; shift < 32; shift += bits) ones |= 1U << shift;
        for (int shift = 0; shift < 32; shift += bits) {
            const auto masked_after = ((word >> shift & mask) + 1U) & mask;
            const auto unmasked = (word >> shift & mask) + 1U;
            const auto word_added = (word + ones) >> shift & mask;
            zeros.push_back(masked_after == unmasked && unmasked == word_added ? static_cast<int>(unmasked) : -1);
        }
    }
    return zeros;
}

}  // namespace

class GptqExportTest : public QObject {
    Q_OBJECT
private slots:
    void weightsComeBackEqual_data();
    void weightsComeBackEqual();
    void everyV1ReaderSeesTheSameZeroPoints();
    void v1AndV2DifferOnlyInZeroPoints();
    void configsAgreeAndKeepUnknownKeys();
    void constantRowsKeepAUsableScale();
    void roundedScalesAreSaid();
    void refusals();
    void targetsAreProtected();
    void cancellingLeavesNothing();
};

void GptqExportTest::weightsComeBackEqual_data() {
    QTest::addColumn<int>("bits");
    QTest::addColumn<int>("group_size");
    QTest::addColumn<bool>("act_order");
    QTest::addColumn<bool>("symmetric");
    QTest::addColumn<int>("hidden");
    for (const int bits : {2, 3, 4, 8})
        for (const int group : {32, 64, 576, -1})
            for (const bool act_order : {false, true})
                for (const bool symmetric : {false, true}) {
                    if (act_order && (group < 0 || group == 576)) continue;
                    const int hidden = group == 576 ? 576 : 64;
                    QTest::addRow("%d bits, groups of %d, act-order %d, symmetric %d", bits, group, act_order,
                                  symmetric)
                        << bits << group << act_order << symmetric << hidden;
                }
}

void GptqExportTest::weightsComeBackEqual() {
    QFETCH(int, bits);
    QFETCH(int, group_size);
    QFETCH(bool, act_order);
    QFETCH(bool, symmetric);
    QFETCH(int, hidden);
    QTemporaryDir folder;
    const auto model = std::make_shared<MadeUpModel>(smallConfig(hidden, 2 * hidden), below(folder, "."));
    BlockRecipe recipe{bits, group_size, act_order, symmetric};
    recipe.folded = symmetric;
    const auto source = sourceFor(model, recipe);
    const auto report = exportTo("gptq", source, below(folder, "out"));
    QCOMPARE(message(report), QString());
    // Folded norms are rounded to float16; codes and scales are exact.
    const float worst = worstDifference(below(folder, "out"), source);
    QVERIFY2(worst >= 0.0F && worst <= (recipe.folded ? 2e-3F : 0.0F), qPrintable(QString::number(worst)));
    const auto config = jsonFile(below(folder, "out") / "quantize_config.json");
    QCOMPARE(config["checkpoint_format"].get<std::string>(), std::string(symmetric ? "gptq" : "gptq_v2"));
    QCOMPARE(config["desc_act"].get<bool>(), act_order);
    QCOMPARE(config["sym"].get<bool>(), symmetric);
    QCOMPARE(config["group_size"].get<int>(), group_size);
}

void GptqExportTest::everyV1ReaderSeesTheSameZeroPoints() {
    for (const int bits : {2, 4, 8}) {
        QTemporaryDir folder;
        const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
        QCOMPARE(message(exportTo("gptq", sourceFor(model, {bits, 32, false, true}), below(folder, "out"))), QString());
        const auto file = SafetensorsFile::open(below(folder, "out") / "model.safetensors");
        QVERIFY(file.has_value());
        for (const int zero : zeroPointsOfV1Readers(**file, "model.layers.0.mlp.up_proj", bits))
            QCOMPARE(zero, 1 << (bits - 1));
    }
}

void GptqExportTest::v1AndV2DifferOnlyInZeroPoints() {
    QTemporaryDir folder;
    const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
    const auto source = sourceFor(model, {3, 32, false, true});
    QCOMPARE(message(exportTo("gptq", source, below(folder, "v1"), {{"checkpoint_format", std::string("gptq")}})),
             QString());
    QCOMPARE(message(exportTo("gptq", source, below(folder, "v2"), {{"checkpoint_format", std::string("gptq_v2")}})),
             QString());
    QCOMPARE(worstDifference(below(folder, "v1"), source), 0.0F);
    QCOMPARE(worstDifference(below(folder, "v2"), source), 0.0F);
    const auto v1 = *SafetensorsFile::open(below(folder, "v1") / "model.safetensors");
    const auto v2 = *SafetensorsFile::open(below(folder, "v2") / "model.safetensors");
    QCOMPARE(v1->entries().size(), v2->entries().size());
    for (const auto& entry : v1->entries()) {
        const auto* other = v2->find(entry.name);
        QVERIFY(other != nullptr);
        QCOMPARE(std::ranges::equal(v1->bytes(entry), v2->bytes(*other)), !entry.name.ends_with(".qzeros"));
    }
}

void GptqExportTest::configsAgreeAndKeepUnknownKeys() {
    QTemporaryDir folder;
    std::ofstream(below(folder, "tokenizer.json")) << "{\"exact\":  1 }";
    const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
    QCOMPARE(message(exportTo("gptq", sourceFor(model, {4, 32, false, true}), below(folder, "out"))), QString());
    const auto config = jsonFile(below(folder, "out") / "config.json");
    QVERIFY(config["quantization_config"] == jsonFile(below(folder, "out") / "quantize_config.json"));
    QVERIFY(config["torch_dtype"] == "float16");
    QVERIFY(config["dtype"] == "float16");
    QVERIFY(config["x_unknown"] == 3);
    QVERIFY(config["rope_theta"] == 5000.0);  // readers before transformers 5 know no rope_parameters
    std::ifstream tokenizer(below(folder, "out") / "tokenizer.json");
    QCOMPARE(std::string(std::istreambuf_iterator<char>(tokenizer), {}), std::string("{\"exact\":  1 }"));
}

void GptqExportTest::constantRowsKeepAUsableScale() {
    QTemporaryDir folder;
    const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
    auto source = sourceFor(model, {4, 32, false, true});
    source.block = [make = source.block](std::int64_t index) -> Result<QuantizedBlock> {
        auto block = *make(index);
        auto& tensor = *block.linears[0];
        tensor.scales.at(5, 1) = 0.0F;  // a group of zeros
        for (std::int64_t column = 32; column < 64; ++column)
            tensor.codes[static_cast<std::size_t>(5 * 64 + column)] = 8;
        return block;
    };
    QCOMPARE(message(exportTo("gptq", source, below(folder, "out"))), QString());
    QCOMPARE(worstDifference(below(folder, "out"), source), 0.0F);
    const auto file = *SafetensorsFile::open(below(folder, "out") / "model.safetensors");
    std::vector<float> scales(128);
    QVERIFY(convertToFloat(DType::f16, file->bytes(*file->find("model.layers.0.self_attn.q_proj.scales")), 0, scales)
                .has_value());
    QCOMPARE(scales[64 + 5], 0x1p-14F);
}

void GptqExportTest::roundedScalesAreSaid() {
    QTemporaryDir folder;
    const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
    BlockRecipe recipe;
    recipe.half_scales = false;
    const auto source = sourceFor(model, recipe);
    const auto report = exportTo("gptq", source, below(folder, "out"));
    QCOMPARE(message(report), QString());
    QVERIFY(std::ranges::any_of(report->notes,
                                [](const auto& note) { return note.find("rounded to float16") != std::string::npos; }));
    const float worst = worstDifference(below(folder, "out"), source);
    QVERIFY2(worst > 0.0F && worst < 15 * 0.03F * 0x1p-11F, qPrintable(QString::number(worst)));
}

void GptqExportTest::refusals() {
    QTemporaryDir folder;
    const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
    const auto narrow = std::make_shared<MadeUpModel>(smallConfig(64, 144), below(folder, "."));
    const auto refusal = [&](const std::shared_ptr<MadeUpModel>& of, const BlockRecipe& recipe,
                             const std::function<void(QuantizedBlock&)>& spoil, const OptionValues& options = {}) {
        auto source = sourceFor(of, recipe);
        source.method_options = {};
        source.block = [make = source.block, spoil](std::int64_t index) -> Result<QuantizedBlock> {
            auto block = *make(index);
            if (spoil) spoil(block);
            return block;
        };
        const auto report = exportTo("gptq", source, below(folder, "out"), options);
        return std::filesystem::exists(below(folder, "out")) ? QString("written") : message(report);
    };
    const OptionValues v1{{"checkpoint_format", std::string("gptq")}};
    QVERIFY(refusal(model, {4, 32}, {}, v1).contains("zero point of 0"));
    QVERIFY(refusal(model, {5, 32}, {}).contains("2, 3, 4 or 8 bits"));
    QVERIFY(refusal(narrow, {4, 16}, {}).contains("multiples of 32"));
    QVERIFY(refusal(model, {4, 48, true}, {}).contains("unequal sizes"));
    QVERIFY(
        refusal(model, {4, 32}, [](auto& block) { block.linears[2]->scales.at(1, 1) = INFINITY; }).contains("scale"));
    QVERIFY(refusal(model, {4, 32}, [](auto& block) {
                block.linears[2]->scales.at(1, 1) = 1e6F;
            }).contains("not finite in float16"));
    QVERIFY(refusal(model, {4, 32}, [](auto& block) {
                block.linears[2]->scales.at(1, 1) = 1e-12F;
            }).contains("becomes zero"));
    QVERIFY(refusal(model, {4, 32}, [](auto& block) {
                block.linears[2]->zero_points.at(1, 1) = 16.0F;
            }).contains("zero point"));
    QVERIFY(refusal(model, {4, 32}, [](auto& block) { block.linears[4].reset(); }).contains("left unquantized"));
    QVERIFY(refusal(model, {4, 32, true}, [](auto& block) {
                std::ranges::reverse(block.linears[1]->group_index);
            }).contains("different groups"));
    QVERIFY(refusal(model, {4, 32, true}, [](auto& block) {
                std::ranges::reverse(block.linears[5]->group_index);
            }).contains("different groups"));
    QVERIFY(refusal(model, {4, 32, true}, [](auto& block) { block.linears[3]->group_index[7] = 9; }).contains("group"));
    BlockRecipe folded;
    folded.folded = true;
    QVERIFY(refusal(model, folded, [](auto& block) { block.vectors.clear(); }).contains("new values are missing"));
    QVERIFY(
        refusal(model, folded, [](auto& block) { block.vectors.begin()->second[3] *= 1.5F; }).contains("take back"));
    QVERIFY(refusal(model, folded, [](auto& block) { block.linears[5]->output_scale[0] *= 2.0F; }).contains("cancel"));
}

void GptqExportTest::targetsAreProtected() {
    QTemporaryDir folder;
    const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
    const auto source = sourceFor(model, {});
    std::filesystem::create_directory(below(folder, "full"));
    std::ofstream(below(folder, "full") / "mine.txt") << "keep";
    QVERIFY(message(exportTo("gptq", source, below(folder, "full"))).contains("not empty"));
    QVERIFY(std::filesystem::exists(below(folder, "full") / "mine.txt"));
    std::filesystem::create_directory(below(folder, "empty"));
    QCOMPARE(message(exportTo("gptq", source, below(folder, "empty/"))), QString());
    QVERIFY(message(exportTo("gptq", source, below(folder, "full") / "mine.txt")).contains("is a file"));
    QVERIFY(findExportFormat("gtpq").error().message.find("'gptq'") != std::string::npos);
}

void GptqExportTest::cancellingLeavesNothing() {
    QTemporaryDir folder;
    const auto model = std::make_shared<MadeUpModel>(smallConfig(64, 128), below(folder, "."));
    std::stop_source stop;
    auto source = sourceFor(model, {});
    source.block = [make = source.block, &stop, asked = std::make_shared<int>(0)](std::int64_t index) {
        if (++*asked == 1) stop.request_stop();
        return make(index);
    };
    JobContext job(stop.get_token());
    const auto report = (*findExportFormat("gptq"))->write(source, below(folder, "out"), {}, job);
    QVERIFY(!report.has_value() && report.error().kind == ErrorKind::cancelled);
    QVERIFY(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).isEmpty());
}

QTEST_APPLESS_MAIN(GptqExportTest)
#include "gptq_export_test.moc"
