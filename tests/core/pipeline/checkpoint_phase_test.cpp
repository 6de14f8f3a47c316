// If this fails, a downloaded checkpoint set against its base shows errors that are not there, or hides those that are.
#include "core/pipeline/checkpoint_phase.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "core/formats/exporter.h"
#include "core/formats/model_files.h"
#include "core/methods/method.h"
#include "core/pipeline/export_run.h"
#include "core/pipeline/runner.h"
#include "core/pipeline/target.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;

class CheckpointPhaseTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QVERIFY(test::writeTinyModel(path("model"), {.block_count = 3}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt"), 20000, 5).has_value());
        auto recipe = sample();
        recipe.bits = {4};
        recipe.group_sizes = {32};
        for (const auto& method : methods()) recipe.methods.push_back({method.id, {}});
        JobContext job;
        const auto made = runRecipe(recipe, path("run"), {}, job);
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
        for (const auto& configuration : made->configurations)
            if (!configuration.method.empty()) exportAs(configuration.id);
    }

    /// Every method's checkpoint, folded scales or not, shows the errors that its own run has measured.
    void exportedCheckpointsHaveTheRunsErrors() {
        auto recipe = sample();
        for (const auto& [id, checkpoint] : exports_) recipe.checkpoints.push_back(checkpoint);
        JobContext job;
        const auto compared = runRecipe(recipe, path("compared"), {}, job);
        QVERIFY2(compared.has_value(), compared ? "" : compared.error().message.c_str());
        for (const auto& [id, checkpoint] : exports_) compareRecords(id, "checkpoint-" + id);
    }

    /// What the deepest zoom of a comparison reads: the errors that the maps above it are made of.
    void singleWeightsHaveTheErrorsThatWereCompared() {
        const auto files = ModelFiles::open(path("model"));
        const auto model = (*files)->weights(WeightDType::source);
        const auto run = RunFolder::openForReading(path("compared"));
        QVERIFY(model.has_value() && run.has_value());
        for (const auto& [id, checkpoint] : exports_) {
            const auto info = (*run)->configuration("checkpoint-" + id);
            QVERIFY(info.has_value() && !info->checkpoint_fingerprint.empty());
            for (const auto role : {LinearRole::q_proj, LinearRole::down_proj}) {
                const auto own = (*model)->readMatrix(linearPath(1, role) + ".weight");
                const auto theirs =
                    checkpointLinear(**model, checkpoint, info->checkpoint_fingerprint, 1, role, JobContext());
                QVERIFY2(theirs.has_value(), theirs ? "" : theirs.error().message.c_str());
                double sum = 0.0;
                for (std::size_t i = 0; i < own->values.size(); ++i)
                    sum += std::pow(static_cast<double>(own->values[i]) - static_cast<double>(theirs->values[i]), 2.0);
                const auto record = (*run)->layerRecord("checkpoint-" + id, 1);
                const auto wanted = record->linears[static_cast<std::size_t>(role)].metrics.at("weight_mse") *
                                    static_cast<double>(own->values.size());
                QVERIFY2(std::abs(sum / wanted - 1.0) < 1e-3, qPrintable(QStringLiteral("%1 %2").arg(sum).arg(wanted)));
            }
        }
        const auto& checkpoint = exports_.front().second;
        const auto changed = checkpointLinear(**model, checkpoint, "another", 1, LinearRole::q_proj, JobContext());
        QVERIFY(!changed && changed.error().message.contains("has changed since it was compared"));
    }

    void itsPerplexityIsTheRuns() {
        const auto& [id, checkpoint] = exports_.front();
        const auto ours = perplexity("run", id);
        const auto theirs = perplexity("compared", "checkpoint-" + id);
        QVERIFY2(std::abs(ours - theirs) < 2e-3 * ours, qPrintable(QStringLiteral("%1 and %2").arg(ours).arg(theirs)));
    }

    void modelAgainstItselfHasNoError() {
        auto recipe = sample();
        recipe.calibration = {};
        recipe.checkpoints = {recipe.model, recipe.model};
        JobContext job;
        const auto made = runRecipe(recipe, path("itself"), {}, job);
        QVERIFY2(made.has_value(), made ? "" : made.error().message.c_str());
        QCOMPARE(made->configurations.back().id, std::string("checkpoint-model-2"));
        const auto run = RunFolder::openForReading(path("itself"));
        QVERIFY(run.has_value());
        const auto record = (*run)->layerRecord("checkpoint-model", 0);
        QVERIFY(record.has_value());
        QCOMPARE(record->linears.size(), std::size_t{7});
        for (const auto& linear : record->linears) {
            QCOMPARE(linear.metrics.at("weight_mse"), 0.0);
            QCOMPARE(linear.metrics.at("bits_per_weight"), 16.0);
            QVERIFY(!linear.metrics.contains("relative_output_error"));
        }
    }

    void aFinishedComparisonIsNotRepeated() {
        JobContext job;
        const auto recipe = parseRecipe(*(*RunFolder::openForReading(path("itself")))->recipeText());
        QVERIFY(recipe.has_value());
        QCOMPARE(recipe->checkpoints.size(), std::size_t{2});
        int blocks = 0;
        const auto count = [&](const Event& event) { blocks += event.kind == EventKind::block_finished ? 1 : 0; };
        QVERIFY(runRecipe(*recipe, path("itself"), count, job).has_value());
        QCOMPARE(blocks, 0);
    }

    void anotherArchitectureIsRefused() {
        QVERIFY(test::writeTinyModel(path("other"), {.block_count = 2}).has_value());
        auto recipe = sample();
        recipe.checkpoints = {path("other")};
        JobContext job;
        const auto made = runRecipe(recipe, path("refused"), {}, job);
        QVERIFY(!made.has_value());
        QVERIFY2(made.error().message.find("2 blocks, the model has 3") != std::string::npos,
                 made.error().message.c_str());
    }

    void aCheckpointIsNotExportedAgain() {
        const auto target = openTarget(path("itself"), WeightDType::bfloat16, "checkpoint-model");
        QVERIFY(target.has_value());
        const auto source = exportSource(*target);
        QVERIFY(!source.has_value());
        QVERIFY(source.error().message.find("is a checkpoint already") != std::string::npos);
    }

private:
    std::string path(const char* name) const { return folder_.filePath(QLatin1String(name)).toStdString(); }
    Recipe sample() const {
        auto recipe = test::sampleRecipe(path("model"), path("text.txt"));
        recipe.evaluate_original = false;
        return recipe;
    }

    /// In the first format that takes it.
    void exportAs(const std::string& id) {
        const auto target = openTarget(path("run"), WeightDType::bfloat16, id);
        QVERIFY(target.has_value());
        const auto source = exportSource(*target);
        QVERIFY(source.has_value());
        for (const auto& format : exportFormats()) {
            if (!format.check(*source)) continue;
            JobContext job;
            const auto report = exportTarget(*target, format, path(id.c_str()), {}, job);
            QVERIFY2(report.has_value(), report ? "" : report.error().message.c_str());
            exports_.emplace_back(id, report->folder.string());
            return;
        }
        QFAIL("no format takes it");
    }

    void compareRecords(const std::string& id, const std::string& checkpoint) {
        const auto run = RunFolder::openForReading(path("run"));
        const auto compared = RunFolder::openForReading(path("compared"));
        QVERIFY(run.has_value() && compared.has_value());
        for (std::int64_t block = 0; block < 3; ++block) {
            const auto ours = (*run)->layerRecord(id, block);
            const auto theirs = (*compared)->layerRecord(checkpoint, block);
            QVERIFY(ours.has_value() && theirs.has_value());
            for (std::size_t i = 0; i < ours->linears.size(); ++i)
                for (const auto* metric : {"relative_weight_error", "relative_output_error"}) {
                    // A method that goes on with its quantized blocks has measured on other inputs.
                    if (propagates(id) && std::string_view(metric) == "relative_output_error") continue;
                    const double wanted = ours->linears[i].metrics.at(metric);
                    const double found = theirs->linears[i].metrics.at(metric);
                    QVERIFY2(std::abs(found - wanted) < 0.02 * wanted,
                             qPrintable(QStringLiteral("%1, block %2, linear %3, %4: %5 and %6")
                                            .arg(QString::fromStdString(id))
                                            .arg(block)
                                            .arg(i)
                                            .arg(QLatin1String(metric))
                                            .arg(wanted)
                                            .arg(found)));
                }
        }
    }

    static bool propagates(const std::string& id) {
        return std::ranges::any_of(methods(), [&](const MethodDescription& method) {
            return id.starts_with(method.id) && method.propagation == Propagation::quantized;
        });
    }

    double perplexity(const char* folder, const std::string& id) const {
        const auto run = RunFolder::openForReading(path(folder));
        const auto scores = run ? (*run)->scores(id) : Result<std::vector<Score>>(std::vector<Score>{});
        return scores && !scores->empty() ? scores->front().value : 0.0;
    }

    QTemporaryDir folder_;
    std::vector<std::pair<std::string, std::string>> exports_;
};

QTEST_GUILESS_MAIN(CheckpointPhaseTest)
#include "checkpoint_phase_test.moc"
