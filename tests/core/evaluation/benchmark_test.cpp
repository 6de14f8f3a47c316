// If this fails, perplexity is measured on another text, other windows or another mean than the published protocol.
#include "core/evaluation/benchmark.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <fstream>
#include <limits>

#include "core/base/sha256.h"
#include "core/evaluation/text_protocol.h"
#include "tests/support/test_files.h"

using namespace quantoscope;

class BenchmarkTest : public QObject {
    Q_OBJECT
private slots:
    void wikitextRowsAreJoinedAsPublished() {
        QS_SHARED_FILE(path, "data/wikitext2/wiki.test.raw");
        const auto file = readTextForModel(path.toStdString(), JobContext());
        QVERIFY(file.has_value());
        const std::string text = (*findBenchmark("wikitext2"))->text(*file);
        QCOMPARE(text.size(), std::size_t{1296370});
        QCOMPARE(sha256Hex(text), std::string("696cca6b65a171b0a358a4be6732cdfdf2dd6164a32e20fd70e3c13fc4dfae83"));
        QCOMPARE((*findBenchmark("text"))->text(*file), *file);
    }
    void pennTreebankLinesAreStrippedAndJoined() {
        QCOMPARE((*findBenchmark("ptb"))->text(" a <unk> \n b N\n"), std::string("a <unk>\n\nb N"));
        QCOMPARE((*findBenchmark("ptb-new"))->text(" a \n b \xC2\xA0"), std::string("a b"));
    }
    void anUnknownBenchmarkNamesTheNearest() {
        const auto found = findBenchmark("wikitext");
        QVERIFY(!found.has_value());
        QCOMPARE(found.error().kind, ErrorKind::usage);
        QVERIFY(found.error().message.find("'wikitext2'") != std::string::npos);
    }
    void windowsDoNotOverlapAndTheRestIsDropped() {
        const std::vector<std::int32_t> ids(2048 * 3 + 2047);
        QCOMPARE(perplexityWindows(ids, 2048, 0)->size(), std::size_t{3});
        QCOMPARE(perplexityWindows(ids, 2048, 2)->size(), std::size_t{2});
        QVERIFY(perplexityWindows(ids, 2048, 2)->back().data() == ids.data() + 2048);
        QVERIFY(!perplexityWindows(ids, 9000, 0).has_value());
        QVERIFY(!perplexityWindows(ids, 1, 0).has_value());
    }
    void theMeanIsOverWindowsAndBadWindowsStay() {
        QVERIFY(std::abs(perplexity(std::vector{1.0, 2.0, 3.0}) - std::exp(2.0)) < 1e-12);
        QVERIFY(std::isnan(perplexity(std::vector{1.0, std::numeric_limits<double>::quiet_NaN(), 3.0})));
        QVERIFY(std::isinf(perplexity(std::vector{1.0, std::numeric_limits<double>::infinity()})));
        QVERIFY(std::isinf(perplexity(std::vector{800.0})));
    }
    void filesThatAreNotTextAreRefused() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("x.txt").toStdString();
        QVERIFY(!readTextForModel(path, JobContext()).has_value());
        QVERIFY(!readTextForModel(folder.path().toStdString(), JobContext()).has_value());
        std::ofstream(path).close();
        QVERIFY(readTextForModel(path, JobContext()).error().message.find("empty") != std::string::npos);
        std::ofstream(path) << "ab\xFF";
        QVERIFY(readTextForModel(path, JobContext()).error().message.find("offset 2") != std::string::npos);
    }
};
QTEST_APPLESS_MAIN(BenchmarkTest)
#include "benchmark_test.moc"
