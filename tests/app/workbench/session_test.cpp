// Failing here: a click would move some panels and not others, Back would lead nowhere, or a renamed, annotated or
// deleted run would not be so on disk.
#include <QPushButton>
#include <QTreeWidget>

#include "app/workbench/model_page/model_facts.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"
#include "widgets/pipeline_editor/switched_off.h"
#include "widgets/text/number_text.h"

using namespace quantoscope;

class SessionTest : public QObject {
    Q_OBJECT

private slots:
    void modelsKeepTheirNamesWhereverTheyLie() {  // also on a disk that is not here, with dots in their names
        QCOMPARE(modelName(QStringLiteral("/away/Llama-3.1-8B-AWQ")), QStringLiteral("Llama-3.1-8B-AWQ"));
        QCOMPARE(modelName(QStringLiteral("/away/Qwen2.5-0.5B.Q4_K.gguf")), QStringLiteral("Qwen2.5-0.5B.Q4_K"));
        QCOMPARE(modelName(QStringLiteral("/away/demo/model")), QStringLiteral("demo"));
        QCOMPARE(modelName(QStringLiteral("/away/model.safetensors")), QStringLiteral("model"));
        QCOMPARE(modelName(QStringLiteral("/away/tiny/")), QStringLiteral("tiny"));
    }

    void selectionWalksBackAndForward() {
        SelectionModel selection;
        QSignalSpy changed(&selection, &SelectionModel::changed);
        selection.selectLinear(3, LinearRole::down_proj);
        selection.selectLinear(3, LinearRole::down_proj);
        QCOMPARE(changed.count(), 1);
        selection.selectRuns({{QStringLiteral("/a"), QStringLiteral("x")}});
        QVERIFY(selection.current().hasLinear());
        selection.back();
        QVERIFY(selection.current().runs.isEmpty());
        QVERIFY(selection.canGoForward());
        selection.forward();
        QCOMPARE(selection.current().runs.size(), 1);
        selection.clear();
        QVERIFY(selection.current().isEmpty());
        selection.back();
        QCOMPARE(selection.current().block, 3);
    }

    void removedRunLeavesSelectionAndHistory() {
        SelectionModel selection;
        const RunKey run{QStringLiteral("/a"), QStringLiteral("x")};
        selection.selectRuns({run});
        selection.selectLinear(1, LinearRole::q_proj);
        selection.forgetRun(run);
        QVERIFY(selection.current().runs.isEmpty());
        selection.back();
        QVERIFY(!selection.current().runs.contains(run));
    }

    void runKeyReadsBack() {
        const RunKey run{QStringLiteral("/süß/a b"), QStringLiteral("x-w4-g64")};
        QCOMPARE(RunKey::fromText(run.text()), run);
    }

    void runsAreRenamedAnnotatedAndDeleted() {
        QTemporaryDir folder;
        const auto paths = SessionPaths::below(folder.path());
        const QString path = paths.runs + QStringLiteral("/first");
        QCOMPARE(test::makeRunFolder(path, "some-w4-g64"), QString());
        RunCatalog catalog(paths.runs);
        catalog.rescan();
        QTRY_COMPARE(catalog.folders().size(), std::size_t{1});
        const RunKey key{path, QStringLiteral("some-w4-g64")};
        const auto* run = catalog.find(key);
        QVERIFY(run != nullptr);
        QCOMPARE(perplexityScore(run->scores)->value, 12.5);
        catalog.rename(path, QStringLiteral("Zweiter Versuch"));
        QTRY_COMPARE(catalog.findFolder(path)->name, QStringLiteral("Zweiter Versuch"));
        catalog.annotate(path, QStringLiteral("kept for the paper"));
        QTRY_COMPARE(catalog.findFolder(path)->notes.annotation, std::string("kept for the paper"));
        QSignalSpy removed(&catalog, &RunCatalog::runRemoved);
        catalog.remove(path);
        QTRY_VERIFY(catalog.folders().empty());
        QCOMPARE(removed.count(), 1);
        QVERIFY(!QFileInfo::exists(path));
    }

    void killedRunIsInterruptedAndResumed() {
        test::WorkbenchFixture fixture;
        const QString path = fixture.session().paths().runs + QStringLiteral("/killed");
        QCOMPARE(test::makeRunFolder(path, "some-w4-g64", "running"), QString());
        auto writer = RunFolder::openForWriting(path.toStdString());
        QVERIFY(writer.has_value());
        auto& runs = fixture.session().runs();
        runs.rescan();
        const RunKey key{path, QStringLiteral("some-w4-g64")};
        QTRY_VERIFY(runs.find(key) != nullptr);
        QVERIFY(!runs.find(key)->interrupted && runs.findFolder(path)->writer_lives);
        QVERIFY(fixture.session().isBusy(path));
        auto* strip = fixture.child<QWidget>("interrupted_runs");
        QVERIFY(strip->isHidden());
        writer->reset();  // gives the lock back and, like a killed worker, changes no folder's listing
        QTRY_VERIFY_WITH_TIMEOUT(runs.find(key)->interrupted, 10'000);
        QVERIFY(!strip->isHidden());
        QCOMPARE(runStateText(*runs.find(key)), QStringLiteral("interrupted: can be resumed"));
        auto* jobs = fixture.child<QTreeWidget>("jobs_list");
        QCOMPARE(jobs->topLevelItemCount(), 1);
        QCOMPARE(jobs->topLevelItem(0)->text(1), QStringLiteral("interrupted"));
        jobs->setCurrentItem(jobs->topLevelItem(0));
        auto* resume = fixture.child<QPushButton>("job_resume");
        QVERIFY(resume->isEnabled());
        resume->click();
        QCOMPARE(fixture.session().jobs().jobs().size(), std::size_t{1});
        QVERIFY(strip->isHidden());
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().jobs().isIdle(), 20'000);
    }

    void switchedOffChipsStaySoAfterARestart() {
        test::WorkbenchFixture fixture;
        PipelineDraft draft = fixture.session().pipeline().draft();
        draft.recipe = test::sampleRecipe("nowhere", fixture.textFile().toStdString());
        draft.recipe.bits = {4, 3, 2};
        draft.disabled = {{ChipKind::bits, 1}, {ChipKind::evaluation, 0}};
        draft.disabled_stages = {Stage::export_};
        fixture.session().pipeline().edit(draft, QStringLiteral("Test"));
        fixture.window().show();
        fixture.window().close();
        QVERIFY(!fixture.settings->recipe().contains("disabled"));  // the worker's recipe knows nothing of it
        fixture.workbench =
            std::make_unique<Workbench>(SessionPaths::below(fixture.folder.path()), *fixture.settings, *fixture.theme);
        fixture.workbench->restoreSession();
        const PipelineDraft& restored = fixture.session().pipeline().draft();
        QVERIFY(restored.disabled == draft.disabled);
        QVERIFY(restored.disabled_stages == draft.disabled_stages);
        QCOMPARE(restored.recipe.bits.size(), std::size_t{3});
        QCOMPARE(runnableRecipe(restored).bits, (std::vector<std::int64_t>{4, 2}));
        QVERIFY(!fixture.session().pipeline().undoStack().canUndo());

        PipelineDraft fewer;  // entries that no longer fit, and ones that never did
        fewer.recipe.bits = {4};
        switchOff(fewer, {QStringLiteral("bits 1"), QStringLiteral("bits -1"), QStringLiteral("stage quantize"),
                          QStringLiteral("bits"), QStringLiteral("colour 0"), QStringLiteral("bits 0")});
        QCOMPARE(switchedOff(fewer), QStringList{QStringLiteral("bits 0")});
    }

    void workerThatNeverSaidItsEndIsInterrupted() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("run"));
        QCOMPARE(test::makeRunFolder(path, "some-w4-g64"), QString());
        QVERIFY(!readRunFolderEntry(path).interrupted);
        QFile events(path + QStringLiteral("/events.jsonl"));
        QVERIFY(events.open(QIODevice::WriteOnly));
        events.write("{\"event\":\"started\",\"text\":\"m\"}\n");
        events.flush();
        QVERIFY(readRunFolderEntry(path).interrupted);  // killed while it evaluated
        events.write("{\"event\":\"finished\",\"text\":\"done\"}\n");
        events.flush();
        QVERIFY(!readRunFolderEntry(path).interrupted);
    }

    void modelOpensBeforeItsTokenizerIsRead() {
        QTemporaryDir folder;
        QVERIFY(test::writeTinyModel(folder.path().toStdString(), {.block_count = 2}).has_value());
        ModelList models;
        bool known_at_once = true;
        connect(&models, &ModelList::opened, this, [&] { known_at_once = models.current()->text_known; });
        models.open(folder.path());
        QTRY_VERIFY(models.current() != nullptr);
        const auto files = models.current()->files;
        QVERIFY(!known_at_once);
        QTRY_VERIFY(models.current()->text_known);
        QVERIFY(models.current()->has_tokenizer);
        QVERIFY(models.current()->files == files);
    }

    void parametersAreCountedByPart() {
        QTemporaryDir folder;
        QVERIFY(test::writeTinyModel(folder.path().toStdString(), {.block_count = 2}).has_value());
        OpenModel model;
        model.files = ModelFiles::open(folder.path().toStdString()).value();
        QMap<QString, QString> facts;
        for (const auto& section : modelFacts(model, folder.path()))
            if (section.heading == QStringLiteral("Parameters by part"))
                for (const auto& fact : section.facts) facts[fact.label] = fact.value;
        // Hidden 64, 4 heads and 2 for keys and values, MLP 160, 2 blocks: 2 × 12288 and 2 × 30720 weights.
        QVERIFY2(facts[QStringLiteral("MLP")].startsWith(countText(61440)), qPrintable(facts[QStringLiteral("MLP")]));
        QVERIFY2(facts[QStringLiteral("Attention")].startsWith(countText(24576)),
                 qPrintable(facts[QStringLiteral("Attention")]));
        QVERIFY(facts.contains(QStringLiteral("Embeddings")) && facts.contains(QStringLiteral("Each block")));
    }

    void anotherRunsFolderHoldsAtOnce() {
        QTemporaryDir here;
        QTemporaryDir there;
        Session session(SessionPaths::below(here.path()));
        QCOMPARE(test::makeRunFolder(session.paths().runs + QStringLiteral("/old"), "some-w4-g64"), QString());
        QCOMPARE(test::makeRunFolder(there.filePath(QStringLiteral("new")), "some-w4-g64"), QString());
        session.runs().rescan();
        QTRY_COMPARE(session.runs().folders().size(), std::size_t{1});
        bool done = false;
        session.setRunsFolder(there.path(), [&] { done = true; });
        QTRY_VERIFY(done);
        QTRY_VERIFY(session.runs().folders().size() == 1 &&
                    session.runs().folders().front().name == QStringLiteral("new"));
        const QString first = session.runs().newRunFolder(QStringLiteral("m"));
        QVERIFY(first.startsWith(there.path()));
        QVERIFY(session.runs().newRunFolder(QStringLiteral("m"), {first}) != first);
        QSignalSpy failed(&session, &Session::failed);
        session.setRunsFolder(QStringLiteral("/no/such/folder"));
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(session.paths().runs, there.path());
    }

    void onlyRunFoldersAreDeleted() {
        QTemporaryDir folder;
        const auto paths = SessionPaths::below(folder.path());
        RunCatalog catalog(paths.runs);
        QSignalSpy failed(&catalog, &RunCatalog::failed);
        catalog.remove(paths.presets);
        QTRY_COMPARE(failed.count(), 1);
        QVERIFY(QFileInfo::exists(paths.presets));
    }

    void runWrittenWhileOpenAppears() {
        QTemporaryDir folder;
        const auto paths = SessionPaths::below(folder.path());
        RunCatalog catalog(paths.runs);
        catalog.rescan();
        QSignalSpy scanned(&catalog, &RunCatalog::scanned);
        QTRY_VERIFY(scanned.count() > 0);
        QCOMPARE(test::makeRunFolder(paths.runs + QStringLiteral("/late"), "some-w4-g64"), QString());
        QTRY_COMPARE(catalog.folders().size(), std::size_t{1});
    }

    void runThatAnotherMachineWritesIsFollowed() {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("shared/run"));
        QCOMPARE(test::makeRunFolder(path, "some-w4-g64", "running"), QString());
        auto writer = RunFolder::openForWriting(path.toStdString());
        QVERIFY(writer.has_value());
        RunCatalog catalog(SessionPaths::below(folder.path()).runs);
        catalog.setWatching(false);  // the system tells nothing of changes that others make on a shared disk
        catalog.addFolder(path);
        QTRY_COMPARE(catalog.folders().size(), std::size_t{1});
        QVERIFY(catalog.find({path, QStringLiteral("later-w3-g64")}) == nullptr);
        ConfigurationInfo info;
        info.id = "later-w3-g64";
        info.state = "running";
        QVERIFY((*writer)->writeConfiguration(info).has_value());
        const RunKey key{path, QStringLiteral("later-w3-g64")};
        QTRY_VERIFY_WITH_TIMEOUT(catalog.find(key) != nullptr, 10'000);
    }
};

QTEST_MAIN(SessionTest)
#include "session_test.moc"
