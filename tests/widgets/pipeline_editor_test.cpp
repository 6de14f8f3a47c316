// If this fails, the editor runs something other than what its chips say, or an edit cannot be undone.
#include "widgets/pipeline_editor/pipeline_editor.h"

#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

#include "tests/widgets/sample_pipeline.h"
#include "tests/widgets/warnings.h"
#include "widgets/pipeline_editor/chip_button.h"

using namespace quantoscope;

class PipelineEditorTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void switchedOffChipsAreLeftOutOfTheRun() {
        const PipelineCatalogue catalogue = sampleCatalogue();
        PipelineDraft draft = toggleChip(sampleDraft(), catalogue, {ChipKind::bits, 1}).draft;
        draft = toggleChip(draft, catalogue, {ChipKind::method, 2}).draft;
        const Recipe recipe = runnableRecipe(draft);
        QCOMPARE(recipe.bits, (std::vector<std::int64_t>{8, 3, 2}));
        QCOMPARE(recipe.methods.size(), std::size_t{2});
        QCOMPARE(sweepCount(draft).runs(), 6);
        QCOMPARE(draft.recipe.bits.size(), std::size_t{4});
    }
    void removingAndAddingKeepsTheRightChipOff() {
        const PipelineCatalogue catalogue = sampleCatalogue();
        PipelineDraft draft = toggleChip(sampleDraft(), catalogue, {ChipKind::bits, 2}).draft;  // 3 bits off
        draft = removeChip(draft, catalogue, {ChipKind::bits, 0})->draft;
        QCOMPARE(runnableRecipe(draft).bits, (std::vector<std::int64_t>{4, 2}));
        draft = addChip(draft, catalogue, ChipKind::bits, "5")->draft;
        QCOMPARE(draft.recipe.bits, (std::vector<std::int64_t>{5, 4, 3, 2}));
        QCOMPARE(runnableRecipe(draft).bits, (std::vector<std::int64_t>{5, 4, 2}));
        QVERIFY(!addChip(draft, catalogue, ChipKind::bits, "5"));
        QVERIFY(!addChip(draft, catalogue, ChipKind::bits, "many"));
        QVERIFY(!removeChip(draft, catalogue, {ChipKind::bits, 9}));
        QVERIFY(!removeChip(draft, catalogue, {ChipKind::calibration_size, 0}));
    }
    void movingKeepsTheRightChipOff() {
        const PipelineCatalogue catalogue = sampleCatalogue();
        PipelineDraft draft = toggleChip(sampleDraft(), catalogue, {ChipKind::bits, 1}).draft;  // 8 (4) 3 2
        auto edit = moveChip(draft, catalogue, {ChipKind::bits, 0}, 2);
        QVERIFY(edit.has_value());
        QCOMPARE(edit->label, "Move 8");
        QCOMPARE(edit->chip, std::optional(ChipRef{ChipKind::bits, 2}));
        QCOMPARE(edit->draft.recipe.bits, (std::vector<std::int64_t>{4, 3, 8, 2}));
        QCOMPARE(runnableRecipe(edit->draft).bits, (std::vector<std::int64_t>{3, 8, 2}));
        edit = moveChip(edit->draft, catalogue, {ChipKind::bits, 3}, 0);
        QCOMPARE(edit->draft.recipe.bits, (std::vector<std::int64_t>{2, 4, 3, 8}));
        QCOMPARE(runnableRecipe(edit->draft).bits, (std::vector<std::int64_t>{2, 3, 8}));
        QVERIFY(!moveChip(draft, catalogue, {ChipKind::bits, 0}, 0));
        QVERIFY(!moveChip(draft, catalogue, {ChipKind::bits, 0}, 4));
        QVERIFY(!moveChip(draft, catalogue, {ChipKind::bits, 0}, -1));
        QVERIFY(!moveChip(draft, catalogue, {ChipKind::calibration_data, 0}, 1));
    }
    void whatIsCopiedIsPasted() {
        const PipelineCatalogue catalogue = sampleCatalogue();
        PipelineDraft draft = sampleDraft();
        draft.recipe.methods[1].options["damping"] = 0.5;
        const QByteArray method = copiedChip(draft, {ChipKind::method, 1});
        auto edit = pasteChip(draft, catalogue, method, ChipRef{ChipKind::method, 0});
        QVERIFY(edit.has_value());
        QCOMPARE(edit->label, "Paste AWQ ·1");
        QCOMPARE(edit->draft.recipe.methods.size(), std::size_t{4});
        QCOMPARE(edit->draft.recipe.methods[1].method, std::string("scaled"));
        QVERIFY(edit->draft.recipe.methods[1].options == draft.recipe.methods[1].options);
        edit = pasteChip(draft, catalogue, method, ChipRef{ChipKind::bits, 0});
        QCOMPARE(edit->draft.recipe.methods[3].method, std::string("scaled"));
        // The number is there already; another draft takes it.
        const QByteArray bits = copiedChip(draft, {ChipKind::bits, 2});
        QVERIFY(!pasteChip(draft, catalogue, bits, {}));
        draft.recipe.checkpoints = {"/models/tuned"};  // the same twice would be compared twice
        QVERIFY(!pasteChip(draft, catalogue, copiedChip(draft, {ChipKind::checkpoint, 0}), {}));
        PipelineDraft other;
        QCOMPARE(pasteChip(other, catalogue, bits, {})->draft.recipe.bits, (std::vector<std::int64_t>{4, 3}));
        const auto calibrated =
            pasteChip(other, catalogue, copiedChip(draft, {ChipKind::calibration_size, 0}), std::nullopt);
        QCOMPARE(calibrated->draft.recipe.calibration.data, draft.recipe.calibration.data);
        for (const QByteArray& nonsense : {QByteArray(), QByteArray("method"), QByteArray("method\n{"),
                                           QByteArray("bits\n{\"schema_version\": 9}"), QByteArray("x\n") + bits})
            QVERIFY(!pasteChip(draft, catalogue, nonsense, {}));
        QVERIFY(copiedChip(draft, {ChipKind::original_model, 0}).isEmpty());
        QVERIFY(copiedChip(draft, {ChipKind::method, 9}).isEmpty());
    }
    void aStageThatIsOffIsLeftOutOfTheRun() {
        const PipelineCatalogue catalogue = sampleCatalogue();
        auto edit = toggleStage(sampleDraft(), Stage::evaluate);
        QCOMPARE(edit->label, "Switch off Evaluate");
        QVERIFY(runnableRecipe(edit->draft).evaluations.empty() && !runnableRecipe(edit->draft).evaluate_original);
        QCOMPARE(edit->draft.recipe.evaluations.size(), std::size_t{1});
        for (const Chip& chip : chipsOf(edit->draft, catalogue, Stage::evaluate)) QVERIFY(!chip.enabled);
        edit = toggleStage(edit->draft, Stage::calibrate);
        QVERIFY(chipReason(edit->draft, catalogue, {ChipKind::method, 0}).contains("Calibrate stage on"));
        edit = toggleStage(edit->draft, Stage::evaluate);
        QCOMPARE(edit->label, "Switch on Evaluate");
        QCOMPARE(runnableRecipe(edit->draft).evaluations.size(), std::size_t{1});
        QVERIFY(!toggleStage(edit->draft, Stage::quantize));
    }
    void aFormatThatCannotHoldARunSaysSo() {
        PipelineCatalogue catalogue = sampleCatalogue();
        catalogue.export_reason = [](const std::string& format, const std::string&, const OptionValues& options) {
            return format == "gptq" && integerOption(options, "bits") == 8 ? QStringLiteral("up to 4 bits") : QString();
        };
        PipelineDraft draft = sampleDraft();
        QCOMPARE(chipReason(draft, catalogue, {ChipKind::export_format, 0}),
                 "3 of 12 runs cannot be written: Up to 4 bits");
        QVERIFY(chipReason(draft, catalogue, {ChipKind::export_format, 1}).isEmpty());
        draft = toggleChip(draft, catalogue, {ChipKind::bits, 0}).draft;
        QVERIFY(chipReason(draft, catalogue, {ChipKind::export_format, 0}).isEmpty());
        draft.recipe.bits.push_back(2);
        QVERIFY(chipReason(draft, catalogue, {ChipKind::bits, 4}).contains("twice"));
    }
    void impossibleChipsSayWhy() {
        const PipelineCatalogue catalogue = sampleCatalogue();
        PipelineDraft draft = sampleDraft();
        draft.recipe.bits.push_back(9);
        draft.recipe.group_sizes.push_back(-1);
        QVERIFY(chipReason(draft, catalogue, {ChipKind::bits, 4}).contains("GPTQ"));
        QVERIFY(chipReason(draft, catalogue, {ChipKind::bits, 0}).isEmpty());
        QVERIFY(chipReason(draft, catalogue, {ChipKind::group_size, 1}).isEmpty());
        draft.recipe.calibration.data.clear();
        QVERIFY(chipReason(draft, catalogue, {ChipKind::method, 0}).contains("calibration data"));
        QVERIFY(chipReason(draft, catalogue, {ChipKind::method, 2}).isEmpty());
        draft = duplicateChip(draft, catalogue, {ChipKind::method, 2})->draft;
        QVERIFY(chipReason(draft, catalogue, {ChipKind::method, 3}).contains("twice"));
        draft.recipe.methods[2].method = "unknown";
        QVERIFY(chipReason(draft, catalogue, {ChipKind::method, 2}).contains("unknown"));
        draft.recipe.evaluations[0].data.clear();
        QVERIFY(!chipReason(draft, catalogue, {ChipKind::evaluation, 0}).isEmpty());
    }
    void chipsReadLikeTheRecipe() {
        QStringList texts;
        for (const Stage stage : {Stage::calibrate, Stage::quantize, Stage::evaluate, Stage::export_})
            for (const Chip& chip : chipsOf(sampleDraft(), sampleCatalogue(), stage)) texts << chip.text;
        QCOMPARE(
            texts.join('|'),
            "wikitext2-train.txt|128 × 2048 tokens|seed 0|GPTQ|AWQ|RTN|8|4|3|2|128|full precision|WikiText2|GPTQ|GGUF");
        QCOMPARE(sweepText({3, 4, 1}), "3 methods × 4 bit widths × 1 group size = 12 runs");
    }
    void oneActionIsOneSignalWithALabel() {
        PipelineEditor editor;
        editor.setCatalogue(sampleCatalogue());
        editor.setDraft(sampleDraft());
        editor.resize(1000, 400);
        editor.show();
        QVERIFY(QTest::qWaitForWindowActive(&editor));
        QSignalSpy edited(&editor, &PipelineEditor::draftEdited);
        std::vector<PipelineDraft> drafts;
        connect(&editor, &PipelineEditor::draftEdited, this,
                [&](const PipelineDraft& draft) { drafts.push_back(draft); });
        QSignalSpy selected(&editor, &PipelineEditor::chipSelected);
        const QString name = QStringLiteral("chip_%1_2").arg(static_cast<int>(ChipKind::bits));
        auto* chip = editor.findChild<ChipButton*>(name);
        QTest::mouseClick(chip, Qt::LeftButton);
        QCOMPARE(editor.selectedChip(), std::optional(ChipRef{ChipKind::bits, 2}));
        QCOMPARE(selected.count(), 1);
        QTest::keyClick(chip, Qt::Key_Delete);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(edited[0][1].toString(), "Remove 3");
        const PipelineDraft next = drafts.at(0);
        QCOMPARE(next.recipe.bits, (std::vector<std::int64_t>{8, 4, 2}));
        QCOMPARE(editor.draft().recipe.bits.size(), std::size_t{4});  // the page decides
        editor.setDraft(next);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(editor.findChild<QLabel*>("sweepCount")->text(), "9 runs");
        QTest::keyClick(editor.findChild<ChipButton*>(name), Qt::Key_Space);
        QCOMPARE(edited[1][1].toString(), "Switch off 2");
        QTest::keyClick(
            editor.findChild<ChipButton*>(QStringLiteral("chip_%1_0").arg(static_cast<int>(ChipKind::method))),
            Qt::Key_D, Qt::ControlModifier);
        QCOMPARE(edited[2][1].toString(), "Duplicate GPTQ");
    }
    void theMenuOffersWhatIsNotThereYet() {
        PipelineEditor editor;
        editor.setCatalogue(sampleCatalogue());
        editor.setDraft(sampleDraft());
        editor.show();
        std::vector<PipelineDraft> drafts;
        connect(&editor, &PipelineEditor::draftEdited, this,
                [&](const PipelineDraft& draft) { drafts.push_back(draft); });
        editor.findChild<QAbstractButton*>(QStringLiteral("add_%1").arg(static_cast<int>(ChipKind::group_size)))
            ->click();
        auto* menu = editor.findChild<QMenu*>("addMenu");
        QVERIFY(menu != nullptr);
        QStringList texts;
        for (const QAction* action : menu->actions()) texts << action->text();
        QCOMPARE(texts.join('|'), "whole row|32 columns|64 columns");
        menu->actions()[1]->trigger();
        QCOMPARE(drafts.size(), std::size_t{1});
        QCOMPARE(drafts[0].recipe.group_sizes, (std::vector<std::int64_t>{128, 32}));
        menu->close();
    }
};
QTEST_MAIN(PipelineEditorTest)
#include "pipeline_editor_test.moc"
