// Failing here: a click would move some panels and not others, Back would lead nowhere, or a renamed, annotated or
// deleted run would not be so on disk.
#include "tests/app/workbench/workbench_fixture.h"

using namespace quantoscope;

class SessionTest : public QObject {
    Q_OBJECT

private slots:
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
};

QTEST_MAIN(SessionTest)
#include "session_test.moc"
