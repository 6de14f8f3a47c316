// If this fails, fingerprints of models and results are wrong: a run would not resume, or would resume on another
// model.
#include "core/base/sha256.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

#include "tests/support/test_files.h"

using namespace quantoscope;

class Sha256Test : public QObject {
    Q_OBJECT
private slots:
    void knownAnswers() {
        QCOMPARE(sha256Hex(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256Hex("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
    void piecesGiveTheSameAsTheWholeAndHexMayBeAskedTwice() {
        Sha256 hash;
        hash.add("a");
        QCOMPARE(hash.hex(), sha256Hex("a"));
        hash.add("bc");
        QCOMPARE(hash.hex(), sha256Hex("abc"));
    }
    void aFileIsHashed() {
        QS_SHARED_FILE(path, "data/wikitext2/wiki.test.raw");
        const auto hex = sha256OfFile(path.toStdString(), JobContext());
        QVERIFY(hex.has_value());
        QCOMPARE(*hex, std::string("173c87a53759e0201f33e0ccf978e510c2042d7f2cb78229d9a50d79b9e7dd08"));
    }
    void aMissingFileIsNamedAndAStopIsHonoured() {
        QVERIFY(sha256OfFile("no such file", JobContext()).error().message.find("no such file") != std::string::npos);
        QTemporaryDir folder;
        const std::string path = folder.filePath("x").toStdString();
        std::ofstream(path) << "x";
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(sha256OfFile(path, JobContext(stop.get_token())).error().kind, ErrorKind::cancelled);
    }
};
QTEST_APPLESS_MAIN(Sha256Test)
#include "sha256_test.moc"
