// If this fails, an exported LLaVA-Next checkpoint does not load, or its vision tower is not the source's.
#include <QTest>
#include <fstream>

#include "core/formats/folder/tensor_names.h"
#include "core/formats/safetensors_writer.h"
#include "tests/core/formats/exports/export_fixture.h"

using namespace quantoscope;
using namespace quantoscope::test;

namespace {

const std::filesystem::path kDemo = QUANTOSCOPE_SOURCE_DIR "/resources/demo/model";

using Rename = std::string (*)(const std::string&);

std::string replacePrefix(const std::string& name, std::string_view from, std::string_view to) {
    return name.starts_with(from) ? std::string(to) + name.substr(from.size()) : name;
}

std::string asReleased(const std::string& name) {
    return name;
}

std::string asInMemory(const std::string& name) {
    if (name.starts_with("language_model.lm_head.")) return replacePrefix(name, "language_model.", "");
    const auto text = replacePrefix(name, "language_model.model.", "model.language_model.");
    return text != name ? text : "model." + name;
}

std::string asOriginal(const std::string& name) {
    auto text =
        replacePrefix(replacePrefix(name, "language_model.model.", "model."), "language_model.lm_head.", "lm_head.");
    text = replacePrefix(text, "vision_tower.", "model.vision_tower.vision_tower.");
    text = replacePrefix(text, "multi_modal_projector.linear_1.", "model.mm_projector.0.");
    text = replacePrefix(text, "multi_modal_projector.linear_2.", "model.mm_projector.2.");
    return replacePrefix(text, "image_newline", "model.image_newline");
}

/// The demo model with other names for its tensors; those for which `rename` answers "" are left out.
void respell(const std::filesystem::path& folder, Rename rename) {
    std::filesystem::create_directories(folder);
    for (const auto& entry : std::filesystem::directory_iterator(kDemo))
        if (entry.path().extension() != ".safetensors")
            std::filesystem::copy_file(entry.path(), folder / entry.path().filename());
    const auto source = *SafetensorsFile::open(kDemo / "model.safetensors");
    std::vector<TensorToWrite> tensors;
    for (const auto& entry : source->entries()) {
        const auto name = rename(entry.name);
        if (name.empty()) continue;
        tensors.push_back({name, entry.dtype, entry.shape, [source, &entry]() -> Result<std::vector<std::byte>> {
                               const auto bytes = source->bytes(entry);
                               return std::vector<std::byte>(bytes.begin(), bytes.end());
                           }});
    }
    QCOMPARE(message(writeSafetensors(folder / "model.safetensors", std::move(tensors), {}, {})), QString());
}

/// Names of the vision side whose values are not the source's, "" when there is none.
QString changedVision(const ModelFiles& source, const ModelFiles& exported) {
    const auto named = [&](const std::string& name) {
        const auto& all = exported.tensors();
        return static_cast<std::size_t>(std::ranges::find(all, name, &TensorInfo::name) - all.begin());
    };
    for (std::size_t i = 0; i < source.tensors().size(); ++i) {
        const auto& tensor = source.tensors()[i];
        if (!isVisionTensor(tensor.name)) continue;
        const auto other = named(tensor.name);
        if (other == exported.tensors().size() || exported.tensors()[other].shape != tensor.shape)
            return QString::fromStdString(tensor.name) + " is missing";
        std::vector<float> wanted(tensor.bytes / 2), found(wanted.size());
        const bool read = source.readStored(i, 0, wanted) && exported.readStored(other, 0, found);
        if (!read || wanted != found) return QString::fromStdString(tensor.name);
    }
    return {};
}

nlohmann::json configOf(const std::filesystem::path& folder) {
    std::ifstream file(folder / "config.json");
    return nlohmann::json::parse(file);
}

}  // namespace

class VisionExportTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        if (!std::filesystem::exists(kDemo / "model.safetensors")) QSKIP("needs resources/demo/model");
    }
    void everySpellingIsKept_data() {
        QTest::addColumn<void*>("rename");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("as released") << reinterpret_cast<void*>(asReleased) << QByteArray("language_model.model.");
        QTest::newRow("as in memory") << reinterpret_cast<void*>(asInMemory) << QByteArray("model.language_model.");
        QTest::newRow("as LLaVA's own code") << reinterpret_cast<void*>(asOriginal) << QByteArray("model.");
    }
    void everySpellingIsKept() {
        QFETCH(void*, rename);
        QFETCH(QByteArray, body);
        QTemporaryDir folder;
        respell(below(folder, "model"), reinterpret_cast<Rename>(rename));
        const auto model = ModelFiles::open(below(folder, "model"));
        QCOMPARE(message(model), QString());
        const auto source = sourceFor(*model, {4, 32, false, true});
        for (const char* format : {"fake-quant", "gptq", "awq"}) {
            const auto target = below(folder, format);
            QCOMPARE(message((*findExportFormat(format))->check(source)), QString());
            QCOMPARE(message(exportTo(format, source, target)), QString());
            const auto written = ModelFiles::open(target);
            QCOMPARE(message(written), QString());
            QVERIFY((*written)->warnings().empty());
            QCOMPARE(changedVision(**model, **written), QString());
            const float worst = worstDifference(target, source);
            QVERIFY2(worst >= 0.0F && worst < 1e-3F, qPrintable(QString::number(worst)));
            const std::string norm = body.toStdString() + "norm.weight";
            QVERIFY(std::ranges::find((*written)->tensors(), norm, &TensorInfo::name) != (*written)->tensors().end());
        }
    }
    void theConfigKeepsItsPartsAndNamesWhatStaysDense() {
        QTemporaryDir folder;
        const auto source = sourceFor(*ModelFiles::open(kDemo), {4, 32, false, true});
        for (const char* format : {"awq", "gptq"})
            QCOMPARE(message(exportTo(format, source, below(folder, format))), QString());
        const auto awq = configOf(below(folder, "awq"));
        QVERIFY(awq["vision_config"] == configOf(kDemo)["vision_config"]);
        QVERIFY(awq["quantization_config"]["modules_to_not_convert"] ==
                nlohmann::json({"vision_tower", "model.vision_tower", "multi_modal_projector",
                                "model.multi_modal_projector", "lm_head"}));
        QVERIFY(configOf(below(folder, "gptq"))["quantization_config"]["dynamic"].contains("-:.*vision_tower.*"));
        for (const char* file : {"preprocessor_config.json", "processor_config.json", "chat_template.jinja"})
            QVERIFY2(std::filesystem::exists(below(folder, "awq") / file), file);
    }
    void aMissingTowerIsRefused() {
        QTemporaryDir folder;
        respell(below(folder, "model"),
                [](const std::string& name) { return isVisionTensor(name) ? std::string() : name; });
        const auto model = ModelFiles::open(below(folder, "model"));
        QCOMPARE(message(model), QString());
        const auto report = exportTo("awq", sourceFor(*model, {}), below(folder, "out"));
        QVERIFY2(message(report).contains("lacks the vision tower"), qPrintable(message(report)));
    }
};

QTEST_APPLESS_MAIN(VisionExportTest)
#include "vision_export_test.moc"
