// If this fails, an exported figure is empty, lacks its caption, or its CSV is not what the view shows.
#include "widgets/export_view/export_view.h"

#include <QAbstractItemModelTester>
#include <QDialog>
#include <QFile>
#include <QImage>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "tests/widgets/warnings.h"
#include "widgets/export_view/show_as_table.h"
#include "widgets/heatmap/heatmap_view.h"
#include "widgets/plots/analysis_plots.h"
#include "widgets/plots/plot_canvas.h"

using namespace quantoscope;

namespace {
void fill(HeatmapView& view) {
    view.resize(400, 200);
    view.setTitle("Run");
    view.setMetric({"e", "Error", "", true, false, false, ""});
    HeatmapData data(3);
    for (int block = 0; block < 2; ++block) data.set({block, 0}, block + 0.5);
    view.setData(data);
}
QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
const ExportCaption kCaption{"Model", "w4-g64", "3f2a91"};
}  // namespace

class ExportViewTest : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnQtWarnings(); }
    void everyFormatIsWrittenWithItsCaption() {
        QTemporaryDir folder;
        HeatmapView view;
        fill(view);
        for (const ExportFormat format : {ExportFormat::svg, ExportFormat::pdf, ExportFormat::png, ExportFormat::csv}) {
            const QString path = folder.filePath("view." + exportSuffix(format));
            const Status written = exportView(view, format, path, kCaption, lightTokens());
            QVERIFY2(written.has_value(), written ? "" : written.error().message.c_str());
        }
        const QByteArray svg = bytesOf(folder.filePath("view.svg"));
        QVERIFY(svg.contains("Model · w4-g64 · run 3f2a91"));
        QVERIFY(svg.count("<path") + svg.count("<rect") > 20);
        QVERIFY(bytesOf(folder.filePath("view.pdf")).startsWith("%PDF"));
        const QImage image(folder.filePath("view.png"));
        QCOMPARE(image.width(), 2 * (400 + 28));
        QVERIFY(bytesOf(folder.filePath("view.csv")).startsWith("# Model · w4-g64 · run 3f2a91\nblock,"));
    }
    void aPlotIsDrawnIntoTheFile() {
        QTemporaryDir folder;
        PlotCanvas plot;
        plot.resize(400, 240);
        RunCurve curve{"a", "A", QColor("#ff0000"), HeatmapData(8)};
        for (int block = 0; block < 8; ++block) curve.data.set({block, 0}, block + 1.0);
        plot.setSpec(layerCurveSpec({curve}, {"e", "Error", "", true, false, false, ""}, 0, ScaleKind::linear));
        QVERIFY(exportView(plot, ExportFormat::png, folder.filePath("p.png"), kCaption, lightTokens()).has_value());
        const QImage image(folder.filePath("p.png"));
        int red = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) red += image.pixelColor(x, y) == QColor("#ff0000") ? 1 : 0;
        QVERIFY2(red > 400, qPrintable(QString::number(red)));
        QVERIFY(exportView(plot, ExportFormat::pdf, folder.filePath("p.pdf"), kCaption, lightTokens()).has_value());
        QVERIFY(exportView(plot, ExportFormat::svg, folder.filePath("p.svg"), kCaption, lightTokens()).has_value());
        QVERIFY(bytesOf(folder.filePath("p.svg")).contains("#ff0000"));
    }
    void aFolderThatIsNotThereIsOneSentence() {
        HeatmapView view;
        fill(view);
        const Status written = exportView(view, ExportFormat::csv, "/no/such/folder/x.csv", kCaption, lightTokens());
        QVERIFY(!written.has_value());
        QVERIFY(written.error().message.find("/no/such/folder/x.csv") != std::string::npos);
    }
    void csvCellsAreQuoted() {
        QCOMPARE(csvFromTable({{"a", "b"}, {{"x,y", "say \"so\""}}}), "a,b\n\"x,y\",\"say \"\"so\"\"\"\n");
        QCOMPARE(captionLine({"Model", {}, {}}), "Model");
    }
    void theTwinShowsAndSortsTheNumbers() {
        HeatmapView view;
        fill(view);
        ViewTableModel model(view.viewTable());
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.index(1, 1).data(Qt::EditRole).toDouble(), 1.5);
        QWidget parent;
        QDialog* dialog = showAsTable(&parent, view);
        auto* table = dialog->findChild<QTableView*>("viewTable");
        table->sortByColumn(1, Qt::DescendingOrder);
        QCOMPARE(table->model()->index(0, 1).data().toString(), "1.5");
    }
    void theMenuOffersEveryFormat() {
        QWidget parent;
        HeatmapView view;
        QStringList texts;
        for (const QAction* action : exportMenu(&parent, &view, [] { return kCaption; }, {})->actions())
            if (!action->isSeparator()) texts << action->text();
        QCOMPARE(texts.join('|'), "SVG…|PDF…|PNG at 2×…|CSV…|Copy as CSV|Show as table");
    }
};
QTEST_MAIN(ExportViewTest)
#include "export_view_test.moc"
