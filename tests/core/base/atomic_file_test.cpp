// If this fails, a full disk or a kill can leave half a file under a real name, or an error does not say where it is.
#include "core/base/atomic_file.h"

#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <cerrno>

#include "core/base/json.h"

using namespace quantoscope;
namespace fs = std::filesystem;

class AtomicFileTest : public QObject {
    Q_OBJECT
private slots:
    void aFileIsReplacedWholeAndNothingIsLeftBeside() {
        const QTemporaryDir folder;
        const fs::path path = fs::path(folder.path().toStdString()) / "größe 重み.json";
        QVERIFY(writeTextAtomically(path, "first").has_value());
        QVERIFY(writeTextAtomically(path, "second").has_value());
        QCOMPARE(readTextFile(path, 100).value(), std::string("second"));
        QCOMPARE(std::distance(fs::directory_iterator(path.parent_path()), {}), 1);
        QVERIFY(!readTextFile(path, 3).has_value());
    }
    void aMissingFolderAndAFullDiskAreNamed() {
        const auto missing = writeTextAtomically("/nowhere-at-all/x.json", "text");
        QVERIFY(!missing.has_value());
        QVERIFY(missing.error().message.find("/nowhere-at-all") != std::string::npos);
        const auto full = writeError("/runs/a/layers/003.h5", ENOSPC, 12'345'678);
        QCOMPARE(full.message,
                 std::string("The disk of '/runs/a/layers' is full: '003.h5' could not be written (12.4 MB are "
                             "needed); free some space and resume."));
    }
    void aFullDeviceLeavesTheOldFile() {
        QVERIFY(!writeTextAtomically("/dev/full/x", "text").has_value());
        QVERIFY(!readTextFile("/dev", 10).has_value());
    }
    void anUnwritableFolderIsNamed() {
        if (::geteuid() == 0) QSKIP("root may write anywhere");
        const QTemporaryDir folder;
        const fs::path path(folder.path().toStdString());
        fs::permissions(path, fs::perms::owner_read | fs::perms::owner_exec);
        const auto status = writeTextAtomically(path / "a", "b");
        QVERIFY(!status.has_value());
        QVERIFY(status.error().message.find("cannot be written") != std::string::npos);
    }
    void temporaryNamesAreKnown() {
        QVERIFY(isTemporaryName(temporaryPath("a/003.h5")));
        QVERIFY(!isTemporaryName("003.h5"));
        QVERIFY(!isTemporaryName(".part"));
    }
    void jsonErrorsSayLineAndColumn() {
        const auto wrong = parseJson("{\n  \"a\": 1,\n  \"b\": }", "the recipe");
        QVERIFY(!wrong.has_value());
        QCOMPARE(wrong.error().message, std::string("the recipe is not valid JSON: line 3, column 8."));
        QVERIFY(!parseJson(std::string(300, '['), "it").has_value());
        QVERIFY(!parseJson("[1e999]", "it").has_value());
        QVERIFY(!parseJson("\"\xff\"", "it").has_value());
        QCOMPARE(jsonText(nlohmann::json("\xff")), std::string("\"\xef\xbf\xbd\""));
    }
};
QTEST_APPLESS_MAIN(AtomicFileTest)
#include "atomic_file_test.moc"
