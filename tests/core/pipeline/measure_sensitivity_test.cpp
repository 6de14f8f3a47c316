// If this fails, a linear is told the sensitivity of another one, or of the whole quantized model.
#include "core/pipeline/measure_sensitivity.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>

#include "core/methods/method.h"
#include "core/model/language_model.h"
#include "core/model/scoring/divergence.h"
#include "core/pipeline/run_inputs.h"
#include "core/pipeline/runner.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;

namespace {

/// The model with one linear exchanged.
class OneChanged final : public WeightSource {
public:
    OneChanged(std::shared_ptr<const WeightSource> original, std::string name, Matrix weight)
        : original_(std::move(original)), name_(std::move(name)), weight_(std::move(weight)) {}
    const ModelConfig& config() const override { return original_->config(); }
    bool has(std::string_view name) const override { return original_->has(name); }
    Result<std::vector<std::int64_t>> shape(std::string_view name) const override { return original_->shape(name); }
    Status read(std::string_view name, std::span<float> values) const override {
        if (name != name_) return original_->read(name, values);
        std::ranges::copy(weight_.values, values.begin());
        return {};
    }
    Status readRows(std::string_view name, std::int64_t first, std::int64_t count,
                    std::span<float> values) const override {
        if (name != name_) return original_->readRows(name, first, count, values);
        std::copy_n(weight_.row(first).data(), count * weight_.columns, values.begin());
        return {};
    }

private:
    std::shared_ptr<const WeightSource> original_;
    std::string name_;
    Matrix weight_;
};

Result<Activations> lastBlock(const WeightSource& weights, std::span<const std::vector<std::int32_t>> windows,
                              Precision precision) {
    JobContext job;
    QS_ASSIGN(auto hidden, embedTokens(weights, windows));
    for (std::int64_t block = 0; block < weights.config().block_count; ++block) {
        QS_ASSIGN(const auto current, DecoderBlock::load(weights, block, precision));
        QS_TRY(current.forward(hidden, &hidden, {}, job));
    }
    return hidden;
}

}  // namespace

class MeasureSensitivityTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QVERIFY(test::writeTinyModel(path("model"), {.block_count = 3}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt"), 20000, 5).has_value());
        recipe_ = test::sampleRecipe(path("model"), path("text.txt"));
        recipe_.evaluations.clear();
        recipe_.evaluate_original = false;
        recipe_.group_sizes = {32};
        for (const auto& method : methods()) recipe_.methods.push_back({method.id, {}});
        JobContext job;
        const auto made = runRecipe(recipe_, path("run"), {}, job);
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
    }

    void everyLinearIsQuantizedAlone() {
        JobContext job;
        const auto inputs = openRunInputs(recipe_, job);
        QVERIFY(inputs.has_value());
        std::vector<std::vector<std::int32_t>> windows{inputs->windows.front()};
        windows.front().resize(50);
        const auto run = RunFolder::openForReading(path("run"));
        const auto original = lastBlock(*inputs->weights, windows, recipe_.precision);
        for (const auto& configuration : inputs->configurations) {
            const auto measured = measureSensitivity(path("run"), configuration.id, {1, 50}, job);
            QVERIFY2(measured.has_value(), measured ? "" : measured.error().message.c_str());
            QCOMPARE(measured->divergence.size(), std::size_t{21});
            for (const auto& [place, divergence] : measured->divergence) {
                const auto codes = (*run)->codes(configuration.id, place.first);
                const OneChanged changed(inputs->weights, linearPath(place.first, place.second) + ".weight",
                                         codes->linears[static_cast<std::size_t>(place.second)]->dequantizeUnfolded());
                const auto hidden = lastBlock(changed, windows, recipe_.precision);
                const auto wanted =
                    meanDivergence(*inputs->weights, original->values, hidden->values, recipe_.precision, job);
                QVERIFY(wanted.has_value());
                QCOMPARE(divergence, wanted->front());
            }
        }
    }

    void theFileComesBackAndDamageIsSaid() {
        LinearDivergences measured{2, 256, {{{0, LinearRole::q_proj}, 0.125}, {{7, LinearRole::down_proj}, 0.0}}};
        const std::filesystem::path file = path("sensitivity.json");
        QVERIFY(!readDivergences(file)->has_value());
        QVERIFY(writeDivergences(file, measured).has_value());
        const auto again = readDivergences(file);
        QVERIFY(again.has_value() && again->has_value());
        QVERIFY((*again)->divergence == measured.divergence && (*again)->samples == 2);
        for (const char* text :
             {"{", "[]", "{}", R"({"linears":[3]})", R"({"linears":[{"block":0,"linear":"q","divergence":1}]})",
              R"({"linears":[{"block":-1,"linear":"self_attn.q_proj","divergence":1}]})",
              R"({"linears":[{"block":0,"linear":"self_attn.q_proj","divergence":-1}]})",
              R"({"format_version":9,"linears":[]})"}) {
            QFile broken(QString::fromStdString(file.string()));
            QVERIFY(broken.open(QIODevice::WriteOnly));
            broken.write(text);
            broken.close();
            QVERIFY2(!readDivergences(file), text);
        }
    }

private:
    std::string path(const char* name) const { return folder_.filePath(QLatin1String(name)).toStdString(); }

    QTemporaryDir folder_;
    Recipe recipe_;
};

QTEST_APPLESS_MAIN(MeasureSensitivityTest)
#include "measure_sensitivity_test.moc"
