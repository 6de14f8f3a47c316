// If this fails, a report lacks scores, charts or the recipe, needs other files to be read, or a failure is not said.
#include <QProcess>
#include <QSignalSpy>

#include "app/workbench/report/report_maker.h"
#include "core/methods/method.h"
#include "tests/app/workbench/workbench_fixture.h"
#include "tests/app/worker/worker_process.h"
#include "tests/support/sample_recipe.h"
#include "tests/support/tiny_model.h"

using namespace quantoscope;
using test::WorkbenchFixture;

class ReportTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(test::writeTinyModel(path("model").toStdString(), {.block_count = 2}).has_value());
        QVERIFY(test::writePseudoText(path("text.txt").toStdString(), 20000, 5).has_value());
        auto recipe = test::sampleRecipe(path("model").toStdString(), path("text.txt").toStdString());
        recipe.methods = {{methods().front().id, {}}};
        recipe.bits = {4, 3};
        recipe.group_sizes = {32};
        QFile file(path("recipe.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(recipeJson(recipe)));
        file.close();
        const auto run = test::runWorker({"run", path("recipe.json"), "--run", path("run")});
        QVERIFY2(run.exit_status == 0, qPrintable(run.message()));
    }

    void htmlHoldsEverythingItself() {
        WorkbenchFixture fixture;
        const QString html = QString::fromUtf8(make(fixture, path("report.html")));
        QCOMPARE(html.count(QStringLiteral("<img ")), 3);  // a chart and a map of each run
        QCOMPARE(html.count(QStringLiteral("data:image/svg+xml;base64,")), 3);
        QVERIFY(!html.contains(QStringLiteral("http://")) && !html.contains(QStringLiteral("https://")));
        for (const auto* text : {"Original", "w4 g32", "w3 g32", "group_sizes", "Output error"})
            QVERIFY2(html.contains(QLatin1String(text)), text);
        QVERIFY(html.contains(QStringLiteral("w4 g32</td><td>done</td><td>")));
    }

    void pdfIsOne() {
        WorkbenchFixture fixture;
        const auto pdf = make(fixture, path("report.pdf"));
        QVERIFY(pdf.startsWith("%PDF-"));
        QVERIFY(pdf.size() > 10'000);
    }

    void whatCannotBeWrittenIsSaid() {
        WorkbenchFixture fixture;
        openRun(fixture);
        auto* maker = new ReportMaker(fixture.session(), path("run"), path("no/such/folder/report.html"));
        QString said;
        connect(maker, &ReportMaker::failed, this,
                [&](const Error& error) { said = QString::fromStdString(error.message); });
        maker->start();
        QTRY_VERIFY_WITH_TIMEOUT(said.contains(QStringLiteral("Cannot write the report")), 30'000);
    }

private:
    void openRun(WorkbenchFixture& fixture) {
        fixture.session().runs().addFolder(path("run"));
        QTRY_VERIFY_WITH_TIMEOUT(fixture.session().runs().findFolder(path("run")) != nullptr, 20'000);
    }

    QByteArray make(WorkbenchFixture& fixture, const QString& to) {
        openRun(fixture);
        auto* maker = new ReportMaker(fixture.session(), path("run"), to);
        QSignalSpy finished(maker, &ReportMaker::finished);
        maker->start();
        if (finished.isEmpty() && !finished.wait(30'000)) return {};
        QFile file(to);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QString path(const QString& name) const { return folder_.filePath(name); }
    QTemporaryDir folder_;
};

QTEST_MAIN(ReportTest)
#include "report_test.moc"
