// Failing here: undo would lose an edit of the pipeline, a preset would not load, or the form would change a recipe
// wrongly.
#include <QTemporaryDir>
#include <QtTest>

#include "app/workbench/pipeline_page/presets.h"
#include "app/workbench/pipeline_page/recipe_options.h"
#include "app/workbench/session/pipeline_document.h"
#include "core/methods/method.h"

using namespace quantoscope;

class RecipeTest : public QObject {
    Q_OBJECT

private slots:
    void editsAreUndoneAndRedone() {
        PipelineDocument document;
        auto draft = document.draft();
        draft.recipe.bits = {8, 3};
        document.edit(draft, QStringLiteral("Add 3 bits"));
        draft.recipe.group_sizes = {64};
        document.edit(draft, QStringLiteral("Group 64"));
        QCOMPARE(document.undoStack().undoText(), QStringLiteral("Group 64"));
        document.undoStack().undo();
        QCOMPARE(document.draft().recipe.group_sizes, std::vector<std::int64_t>{128});
        QCOMPARE(document.draft().recipe.bits, (std::vector<std::int64_t>{8, 3}));
        document.undoStack().undo();
        QCOMPARE(document.draft().recipe.bits, std::vector<std::int64_t>{4});
        document.undoStack().redo();
        QCOMPARE(document.draft().recipe.bits, (std::vector<std::int64_t>{8, 3}));
    }

    void undoKeepsTheModel() {
        PipelineDocument document;
        document.edit(document.draft(), QStringLiteral("Nothing"));
        document.setModel(QStringLiteral("/models/a"), nullptr);
        document.undoStack().undo();
        QCOMPARE(document.draft().recipe.model, std::string("/models/a"));
    }

    void planSaysWhatIsMissing() {
        PipelineDocument document;
        QSignalSpy planned(&document, &PipelineDocument::planned);
        document.edit(document.draft(), QStringLiteral("Nothing"));
        QTRY_COMPARE(planned.count(), 1);
        QVERIFY(!document.canRun());
        QVERIFY(!document.plan()->error().message.empty());
    }

    void aRecipeOfCheckpointsKeepsThem() {
        PipelineDocument document;
        Recipe recipe;
        recipe.model = "/models/base";
        recipe.checkpoints = {"/models/somebodys-awq", "/models/tuned"};
        document.replace(recipe, QStringLiteral("Open"));
        const auto chips = chipsOf(document.draft(), pipelineCatalogue(), Stage::quantize);
        const auto chip = std::ranges::find(chips, ChipRef{ChipKind::checkpoint, 1}, &Chip::ref);
        QVERIFY(chip != chips.end());
        QCOMPARE(chip->text, QStringLiteral("tuned"));
        QCOMPARE(sweepCount(document.draft()).runs(), 2);
        const auto edit = removeChip(document.draft(), pipelineCatalogue(), {ChipKind::checkpoint, 0});
        QVERIFY(edit.has_value());
        document.edit(edit->draft, edit->label);
        QCOMPARE(runnableRecipe(document.draft()).checkpoints, std::vector<std::string>{"/models/tuned"});
        document.undoStack().undo();
        QCOMPARE(document.draft().recipe.checkpoints, recipe.checkpoints);
        document.edit(toggleChip(document.draft(), pipelineCatalogue(), {ChipKind::checkpoint, 1}).draft, {});
        QCOMPARE(runnableRecipe(document.draft()).checkpoints, std::vector<std::string>{"/models/somebodys-awq"});
        QTRY_VERIFY_WITH_TIMEOUT(document.plan().has_value(), 5'000);  // of a model that is not there
        QVERIFY(
            !QString::fromStdString(document.plan()->error().message).contains(QStringLiteral("Add a quantization")));
    }
    void everyShippedPresetLoads() {
        const auto presets = shippedPresets();
        QVERIFY(presets.size() >= 5);
        QVERIFY(!examplePreset().path.isEmpty());
        Recipe current;
        current.model = "/models/a";
        for (const auto& preset : presets) {
            const auto recipe = readPreset(preset, current);
            QVERIFY2(recipe.has_value(), recipe ? "" : recipe.error().message.c_str());
            QCOMPARE(recipe->model, std::string("/models/a"));
            QVERIFY(!recipe->methods.empty());
            const auto sweep = configurations(*recipe);
            QVERIFY2(sweep.has_value(), sweep ? "" : sweep.error().message.c_str());
        }
    }

    void ownPresetsAreSavedAndFound() {
        QTemporaryDir folder;
        const auto paths = SessionPaths::below(folder.path());
        Recipe recipe;
        recipe.model = "/secret/place";
        recipe.bits = {2};
        QVERIFY(saveOwnPreset(paths, QStringLiteral("mine/2 bits"), recipe).has_value());
        QVERIFY(!saveOwnPreset(paths, QStringLiteral("  "), recipe).has_value());
        const auto presets = ownPresets(paths);
        QCOMPARE(presets.size(), std::size_t{1});
        QCOMPARE(presets[0].title, QStringLiteral("mine-2 bits"));
        const auto read = readPreset(presets[0], {});
        QVERIFY(read.has_value());
        QCOMPARE(read->bits, std::vector<std::int64_t>{2});
        QVERIFY(read->model.empty());
    }

    void formValuesReachTheRecipe() {
        CalibrationRecipe calibration;
        setCalibration(calibration, {{"samples", std::int64_t{16}}, {"sampling", std::string("sequential")}});
        QCOMPARE(calibration.samples, 16);
        QCOMPARE(calibration.sequence_length, 2048);
        QVERIFY(calibration.sampling == Sampling::sequential);
        setCalibration(calibration, {{"samples", std::int64_t{0}}});
        QCOMPARE(calibration.samples, 16);
        EvaluationRecipe evaluation;
        setEvaluation(evaluation, {{"precision", std::string("float32")}, {"limit", std::int64_t{4}}});
        QVERIFY(evaluation.precision == Precision::float32);
        QCOMPARE(evaluation.limit, 4);
        EvaluationRecipe questions;
        questions.benchmark = "piqa";
        setEvaluation(questions, {{"encoding", std::string("joint")}, {"limit", std::int64_t{9}}});
        QVERIFY(questions.encoding == ChoiceEncoding::joint && questions.limit == 9);
        QVERIFY(!evaluationValues(questions).contains("window") && evaluationValues(evaluation).contains("window"));
        Recipe recipe;
        setRecipe(recipe, {{"layer_bits", std::string("*.v_proj=8,0.*=skip")}});
        QCOMPARE(layerBitsText(recipe.layer_bits), std::string("*.v_proj=8,0.*=skip"));
        QCOMPARE(std::get<std::string>(recipeValues(recipe).at("layer_bits")), std::string("*.v_proj=8,0.*=skip"));
        setRecipe(recipe, {{"layer_bits", std::string("*.v_prj=8")}});  // the form marks it; nothing changes
        QCOMPARE(recipe.layer_bits.size(), std::size_t{2});
        setRecipe(recipe, {{"evaluate_original", true}});
        QVERIFY(recipe.layer_bits.empty());
        QVERIFY(recipe.evaluate_original && recipe.keep_codes);
        QCOMPARE(recipeValues(recipe).size(), recipeOptions().size());
    }
};

QTEST_GUILESS_MAIN(RecipeTest)
#include "recipe_test.moc"
