// If this fails, the list of runs misses what another machine made, loses a run that is being written, deletes one
// under its writer, or refills the window's views though nothing is new.
#include "tests/app/workbench/workbench_fixture.h"

using namespace quantoscope;

class RunCatalogTest : public QObject {
    Q_OBJECT
private slots:
    void runOfAnotherMachineAppears() {
        QTemporaryDir folder;
        const auto paths = SessionPaths::below(folder.path());
        RunCatalog catalog(paths.runs);
        catalog.setWatching(false);  // the system tells nothing of changes that others make on a shared disk
        scan(catalog);
        QVERIFY(catalog.folders().empty());
        const QString path = paths.runs + QStringLiteral("/theirs");
        QCOMPARE(test::makeRunFolder(path, "some-w4-g64"), QString());
        QTRY_COMPARE_WITH_TIMEOUT(catalog.folders().size(), std::size_t{1}, 8'000);
        QVERIFY(QDir(path).removeRecursively());
        QTRY_VERIFY_WITH_TIMEOUT(catalog.folders().empty(), 8'000);
    }
    void onlyWhatIsNewIsTold() {
        QTemporaryDir folder;
        const auto paths = SessionPaths::below(folder.path());
        const QString path = paths.runs + QStringLiteral("/run");
        QCOMPARE(test::makeRunFolder(path, "some-w4-g64"), QString());  // its standard error is not a number
        RunCatalog catalog(paths.runs);
        QSignalSpy changed(&catalog, &RunCatalog::changed);
        scan(catalog);
        QCOMPARE(changed.count(), 1);
        scan(catalog);
        scan(catalog);
        QCOMPARE(changed.count(), 1);
        catalog.annotate(path, QStringLiteral("a note"));
        QTRY_COMPARE(changed.count(), 2);
    }
    void runThatIsBeingWrittenIsNotDeleted() {
        QTemporaryDir folder;
        const auto paths = SessionPaths::below(folder.path());
        const QString path = paths.runs + QStringLiteral("/run");
        QCOMPARE(test::makeRunFolder(path, "some-w4-g64"), QString());
        RunCatalog catalog(paths.runs);
        QSignalSpy failed(&catalog, &RunCatalog::failed);
        {
            const auto writer = RunFolder::openForWriting(path.toStdString());
            QVERIFY(writer.has_value());
            catalog.remove(path);
            QTRY_COMPARE(failed.count(), 1);
            QVERIFY(RunFolder::isRunFolder(path.toStdString()));
        }
        catalog.remove(path);
        QTRY_VERIFY(!QFileInfo::exists(path));
        QCOMPARE(failed.count(), 1);
    }
    void runOfAJobStaysWhenRunsAreKeptElsewhere() {
        QTemporaryDir here;
        QTemporaryDir there;
        Session session(SessionPaths::below(here.path()));
        const QString written = session.paths().runs + QStringLiteral("/written");
        for (const auto& path : {written, session.paths().runs + QStringLiteral("/finished")})
            QCOMPARE(test::makeRunFolder(path, "some-w4-g64"), QString());
        scan(session.runs());
        QCOMPARE(session.runs().folders().size(), std::size_t{2});
        QSignalSpy removed(&session.runs(), &RunCatalog::runRemoved);
        JobRequest request;
        request.title = QStringLiteral("waits");
        request.run_folder = written;
        session.jobs().add(request);
        session.setRunsFolder(there.path());
        QTRY_COMPARE(session.runs().folders().size(), std::size_t{1});
        QCOMPARE(session.runs().folders().front().folder, written);
        QCOMPARE(removed.count(), 1);
        session.jobs().cancelAll();
    }

private:
    static void scan(RunCatalog& catalog) {
        QSignalSpy scanned(&catalog, &RunCatalog::scanned);
        catalog.rescan();
        QTRY_VERIFY(scanned.count() > 0);
    }
};

QTEST_MAIN(RunCatalogTest)
#include "run_catalog_test.moc"
