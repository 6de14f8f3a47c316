// If this fails, a part of the house reaches where it must not: the worker would need Qt, a view would know a method by
// name, or a library would be used from many places.
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <algorithm>

#include "core/methods/method.h"

namespace {

struct Source {
    QString path;
    QString text;
};

QList<Source> sourcesBelow(const QStringList& folders) {
    QList<Source> sources;
    for (const auto& folder : folders) {
        QDirIterator files(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/") + folder, {"*.h", "*.cpp", "*.cu", "*.cuh"},
                           QDir::Files, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (file.fileName().endsWith(QStringLiteral("_bench.cpp")))
                continue;  // benches are programs: they print and choose
            if (file.open(QIODevice::ReadOnly))
                sources.append({QDir(QStringLiteral(QUANTOSCOPE_SOURCE_DIR)).relativeFilePath(file.fileName()),
                                QString::fromUtf8(file.readAll())});
        }
    }
    return sources;
}

/// Paths of the sources below `folders` (separated by spaces) in which a line matches.
QStringList matching(const QString& folders, const QString& pattern) {
    const QRegularExpression expression(pattern, QRegularExpression::MultilineOption);
    QStringList found;
    for (const auto& source : sourcesBelow(folders.split(QLatin1Char(' '))))
        if (source.text.contains(expression)) found.append(source.path);
    return found;
}

QStringList withoutHeaderPairs(QStringList paths) {
    for (auto& path : paths) path = path.section(QLatin1Char('.'), 0, 0);
    paths.removeDuplicates();
    return paths;
}

}  // namespace

class LayeringTest : public QObject {
    Q_OBJECT
private slots:
    void dependenciesPointDownwards() {
        QCOMPARE(matching("app widgets", "^#include [<\"]kernels/"), QStringList());
        QCOMPARE(matching("widgets", "^#include [<\"]app/"), QStringList());
        QCOMPARE(matching("core", "^#include [<\"](app|widgets)/"), QStringList());
        QCOMPARE(matching("kernels", "^#include [<\"](app|widgets|core)/"), QStringList());
    }
    void coreAndKernelsKnowNoQt() {
        QCOMPARE(matching("core kernels app/worker", "^#include <(Q[A-Z]|Qt)"), QStringList());
    }
    void theWindowDoesNotRunTheEngine() {
        QCOMPARE(
            matching("app/workbench widgets", "^#include \"core/pipeline/(runner|quantize_phase|block_stream)\\.h\""),
            QStringList());
    }
    void eachLibraryHasOneDoor_data() {
        QTest::addColumn<QString>("header");
        QTest::newRow("HDF5") << "^#include <hdf5\\.h>";
        QTest::newRow("oneDNN") << "^#include [<\"](oneapi/dnnl/dnnl|dnnl)\\.hp?p?[>\"]";
        QTest::newRow("LAPACK") << "^#include [<\"]lapacke\\.h";
        QTest::newRow("BLAS") << "^#include [<\"]cblas(-[a-z0-9]+)?\\.h";
        QTest::newRow("PCRE2") << "^#include [<\"]pcre2\\.h";
        QTest::newRow("SentencePiece") << "^#include [<\"]sentencepiece_processor\\.h";
        QTest::newRow("QCustomPlot") << "^#include [<\"]qcustomplot\\.h";
        QTest::newRow("OpenSSL") << "^#include [<\"]openssl/";
    }
    void eachLibraryHasOneDoor() {
        QFETCH(QString, header);
        const auto doors = withoutHeaderPairs(matching("app widgets core kernels", header));
        QVERIFY2(doors.size() <= 1, qPrintable(doors.join(QStringLiteral(", "))));
    }
    void imGuiStaysInTheOverlay() {
        for (const auto& path : matching("app widgets core kernels", "^#include [<\"](imgui|backends/imgui_)"))
            QVERIFY2(path.startsWith(QStringLiteral("widgets/overlay/")), qPrintable(path));
    }
    void cudaStaysInItsModule() {
        // Sources of the module alone see CUDA's headers; everything else reaches it through the table.
        const QStringList own{QStringLiteral(".cu"), QStringLiteral(".cuh")};
        const auto isOwn = [&](const QString& path) {
            return std::ranges::any_of(own, [&](const QString& suffix) { return path.endsWith(suffix); });
        };
        for (const auto& path :
             matching("app widgets core kernels tests",
                      "^#include [<\"]((cuda|cublas|cusolver|nvml)[a-zA-Z0-9_]*\\.h|kernels/[a-z_/]*\\.cuh)"))
            QVERIFY2(isOwn(path), qPrintable(path));
        for (const auto& source : sourcesBelow({"app", "widgets", "core", "kernels"}))
            if (isOwn(source.path))
                QVERIFY2(source.path.startsWith(QStringLiteral("kernels/")), qPrintable(source.path));
        QCOMPARE(matching("app widgets core kernels", "\\bdlopen\\("), QStringList{"kernels/cuda/cuda_module.cpp"});
        // A table of a test's own must not be loaded by a program.
        auto doors = matching("app widgets core kernels", "standInForCudaModule");
        doors.sort();
        QCOMPARE(doors, (QStringList{"kernels/cuda/cuda_module.cpp", "kernels/cuda/cuda_module_stand_in.h"}));
        for (const auto& path : matching("kernels", "\\batomic(Add|Max|Min|Exch|CAS)\\("))
            QFAIL(qPrintable(path + " adds in an order that changes from run to run"));
    }
    void methodIdsStayWithTheirMethod() {
        for (const auto& method : quantoscope::methods()) {
            const auto id = QString::fromStdString(method.id);
            const auto pattern = QStringLiteral("\"%1\"").arg(QRegularExpression::escape(id));
            QCOMPARE(matching("app widgets", pattern), QStringList());
            for (const auto& path : matching("core/pipeline core/analysis core/comparison core/run_store "
                                             "core/evaluation core/calibration kernels",
                                             pattern))
                QFAIL(qPrintable(path + QStringLiteral(" names the method ") + id));
        }
    }
    void nothingBelowAppPrintsOrExits() {
        QCOMPARE(matching("core widgets kernels", "^\\s*(std::)?(exit|abort|printf|puts)\\(|std::c(out|err)\\b"),
                 QStringList());
    }
    void headersAreGuarded() {
        for (const auto& source : sourcesBelow({"app", "widgets", "core", "kernels", "tests"}))
            if (source.path.endsWith(QStringLiteral(".h")) || source.path.endsWith(QStringLiteral(".cuh")))
                QVERIFY2(source.text.contains(QStringLiteral("#pragma once")), qPrintable(source.path));
    }
    void everyKernelHasAReferenceAndATest() {
        const QDir kernels(QStringLiteral(QUANTOSCOPE_SOURCE_DIR "/kernels"));
        for (const auto& operation : kernels.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            // base, cuda and roofline are no operations; bfloat16 is defined by the scalar functions in its header.
            if (QStringList{"base", "cuda", "roofline", "bfloat16"}.contains(operation)) continue;
            QVERIFY2(!matching("tests/kernels", "^#include \"kernels/" + operation + "/").isEmpty(),
                     qPrintable(operation + " has no test"));
            const bool has_reference = !matching("kernels/" + operation, "Reference\\(|namespace reference").isEmpty();
            QVERIFY2(has_reference, qPrintable(operation + " has no reference"));
        }
    }
};
QTEST_APPLESS_MAIN(LayeringTest)
#include "layering_test.moc"
